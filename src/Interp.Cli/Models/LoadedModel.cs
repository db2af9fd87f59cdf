using Interp.Loading;
using Interp.Models;
using Interp.Tokenizers;
using Interp.Tokenizers.Text;

namespace Interp.Cli.Models;

/// <summary>A model as a command needs it: with the path it came from, for messages, and tokens as a person reads them.</summary>
/// <param name="Path">The path as typed.</param>
/// <param name="Model">The model.</param>
internal sealed record LoadedModel(string Path, HookedTransformer Model) : IDisposable
{
    /// <summary>What turns text into ids, or null.</summary>
    public Tokenizer? Tokenizer => Model.Tokenizer;

    /// <summary>The architecture.</summary>
    public HookedTransformerConfig Config => Model.Config;

    /// <summary>Loads the model at a path, or the one of that name that ships with Interp.</summary>
    public static LoadedModel Load(string path, LoadOptions options)
    {
        var shipped = File.Exists(path) || Directory.Exists(path) ? null : ShippedModels.TryFind(path);
        return new(path, HookedTransformer.Load(shipped ?? path, options));
    }

    /// <summary>Text as tokens.</summary>
    /// <param name="option">The option that the text came with, for the error.</param>
    /// <exception cref="UserErrorException">The model has no tokenizer.</exception>
    public TextTokens Text(string option = "--text") => Tokenizer is not null ? Model.Text
        : throw new UserErrorException($"{option}: there is no tokenizer beside '{Path}'"
            + $"{(Model.TokenizerNote is { } note ? $", and {note}" : "")}; give --ids 5,3,9");

    /// <summary>A token as a person reads it; the id itself where the model has no vocabulary.</summary>
    public string TokenText(long id) => Tokenizer?.TokenText(id) ?? id.ToString();

    /// <summary>The text of ids; the ids themselves, with spaces, where the model has no vocabulary.</summary>
    public string Decode(long[] ids) => Tokenizer?.Decode(ids) ?? string.Join(' ', ids);

    /// <summary>Says before anything is computed that the model cannot read some ids.</summary>
    /// <exception cref="UserErrorException">None, too many, or an id outside the vocabulary.</exception>
    public void CheckIds(long[] ids)
    {
        if (ids.Length == 0) throw new UserErrorException("the input has no tokens; a model needs at least one");
        if (ids.Length > Config.NCtx)
            throw new UserErrorException($"the input has {ids.Length} tokens; this model reads at most {Config.NCtx}");
        if (Array.FindIndex(ids, id => id >= Config.DVocab) is >= 0 and var place)
            throw new UserErrorException($"id {ids[place]} at place {place} is not in the vocabulary; this model has ids 0 to "
                + $"{Config.DVocab - 1}");
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
