using Interp.Cli.Models;
using Interp.Sae.Activations;
using Interp.Studies.Stories;

namespace Interp.Cli.Sae;

/// <summary>A model's activations on the text of a file.</summary>
internal static class SaeSource
{
    /// <summary>Facts of a run's description from which it is opened again.</summary>
    public const string ModelFact = "model", TextFact = "text", HarvestFact = "activations";

    /// <summary>In place of a file: what the shipped language model reads where no text is named.</summary>
    public const string Stories = "20000 stories of the grammar";

    /// <summary>About 1.3 million tokens, drawn in two seconds.</summary>
    private const int StoryCount = 20_000;

    /// <summary>The text as the model reads it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file; null or <see cref="Stories"/> for stories, where the model is the shipped one.</param>
    /// <param name="context">Tokens a sequence, or null for 128 or what the model reads.</param>
    /// <param name="storySeed">Which stories: dictionaries are trained on those of seed 0 and looked at on others.</param>
    /// <exception cref="UserErrorException">There is no such file, or the model has no tokenizer.</exception>
    public static TokenSequences Sequences(LoadedModel model, string? file, int? context, ulong storySeed = 0)
    {
        var drawn = file is null or Stories;
        if (drawn && model.Path != ShippedModels.Default)
            throw new UserErrorException($"--text: give a file of text; only the model '{ShippedModels.Default}' that "
                + "ships with Interp has text of its own");
        if (!drawn && !File.Exists(file)) throw new UserErrorException($"--text: there is no file '{file}'");
        var length = Math.Min(context ?? 128, model.Config.NCtx);
        if (context > model.Config.NCtx)
            throw new UserErrorException($"--context: {context} tokens; this model reads at most {model.Config.NCtx}");
        if (model.Tokenizer is null)
            throw new UserErrorException($"--text: there is no tokenizer beside '{model.Path}'");
        return drawn
            ? new TokenSequences(StoryText.Tokens(model.Tokenizer, StoryCount, storySeed), length, [model.Tokenizer.BosId!.Value])
            : TokenSequences.FromText(model.Text(), File.ReadAllText(file!), length);
    }

    /// <summary>The activations of hooks; what stands in front of sequences is left out.</summary>
    public static ModelActivations Open(LoadedModel model, TokenSequences sequences, string? file,
        IReadOnlyList<string> hooks, ulong seed) =>
        new(model.Model, sequences, hooks,
            new ModelActivationsOptions { SkipPositions = sequences.FrontCount, Seed = seed })
        {
            Facts = new Dictionary<string, string>
            {
                [ModelFact] = model.Path,
                [TextFact] = file is null or Stories ? Stories : Path.GetFullPath(file),
            },
        };

    /// <summary>A harvest on disk.</summary>
    public static StoredActivations OpenHarvest(string folder, TorchSharp.torch.Device? device) => new(folder, device)
    {
        Facts = new Dictionary<string, string> { [HarvestFact] = Path.GetFullPath(folder) },
    };
}
