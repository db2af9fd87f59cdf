using Interp.Cli.Models;
using Interp.Sae.Activations;

namespace Interp.Cli.Sae;

/// <summary>A model's activations on the text of a file.</summary>
internal static class SaeSource
{
    /// <summary>Facts of a run's description from which it is opened again.</summary>
    public const string ModelFact = "model", TextFact = "text";

    /// <summary>The text as the model reads it.</summary>
    /// <exception cref="UserErrorException">There is no such file, or the model has no tokenizer.</exception>
    public static TokenSequences Sequences(LoadedModel model, string file, int? context)
    {
        if (!File.Exists(file)) throw new UserErrorException($"--text: there is no file '{file}'");
        var length = Math.Min(context ?? 128, model.Config.NCtx);
        if (context > model.Config.NCtx)
            throw new UserErrorException($"--context: {context} tokens; this model reads at most {model.Config.NCtx}");
        if (model.Tokenizer is null)
            throw new UserErrorException($"--text: there is no tokenizer beside '{model.Path}'");
        return TokenSequences.FromText(model.Text(), File.ReadAllText(file), length);
    }

    /// <summary>The activations of hooks; what stands in front of sequences is left out.</summary>
    public static ModelActivations Open(LoadedModel model, TokenSequences sequences, string file,
        IReadOnlyList<string> hooks, ulong seed) =>
        new(model.Model, sequences, hooks,
            new ModelActivationsOptions { SkipPositions = sequences.FrontCount, Seed = seed })
        {
            Facts = new Dictionary<string, string> { [ModelFact] = model.Path, [TextFact] = Path.GetFullPath(file) },
        };
}
