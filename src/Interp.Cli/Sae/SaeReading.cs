using Interp.Cli.Models;
using Interp.Loading;
using Interp.Sae.Activations;
using Interp.Sae.Training;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Sae;

/// <summary>What a training reads, and the model behind it where that runs along.</summary>
internal sealed record SaeReading(IActivationSource Source, LoadedModel? Model) : IDisposable
{
    /// <summary>The model's name, for the dictionary's files.</summary>
    public string ModelName => Model?.Path ?? Source.Description.GetValueOrDefault(SaeSource.ModelFact, "");

    /// <summary>Activations straight from a model.</summary>
    /// <param name="path">The model, or null for the shipped one.</param>
    /// <param name="hooks">What is read of it; null for the residual stream in its middle.</param>
    /// <param name="text">The text's file, or null for stories.</param>
    /// <param name="context">Tokens a sequence, or null.</param>
    /// <param name="seed">Of the order of sequences.</param>
    /// <param name="device">Where the model runs.</param>
    public static SaeReading OfModel(string? path, IReadOnlyList<string>? hooks, string? text, int? context, ulong seed,
        Device device)
    {
        var model = LoadedModel.Load(path ?? ShippedModels.Default, new LoadOptions { Device = device });
        try
        {
            hooks ??= [$"blocks.{(model.Config.NLayers - 1) / 2}.hook_resid_post"];
            var sequences = SaeSource.Sequences(model, text, context);
            return new SaeReading(SaeSource.Open(model, sequences, text, hooks, seed), model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>What a run has read before.</summary>
    public static SaeReading Again(SaeRun run, string? path, Device device)
    {
        if (run.Data.TryGetValue(SaeSource.HarvestFact, out var folder))
            return new SaeReading(SaeSource.OpenHarvest(folder, device), null);
        return OfModel(path ?? Fact(run, SaeSource.ModelFact), Fact(run, "hooks").Split(", "),
            Fact(run, SaeSource.TextFact), int.Parse(Fact(run, "context")), run.Training.Seed, device);
    }

    /// <inheritdoc/>
    public void Dispose() => Model?.Dispose();

    private static string Fact(SaeRun run, string name) => run.Data.TryGetValue(name, out var value) ? value
        : throw new UserErrorException($"the run does not say its {name}; it was not started by this command");
}
