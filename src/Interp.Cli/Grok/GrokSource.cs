using Interp.Cli.Models;
using Interp.Loading;
using Interp.Studies.ModularAddition;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Grok;

/// <summary>A model of modular arithmetic with what is known of its training.</summary>
/// <param name="Model">The model.</param>
/// <param name="Task">What it computes.</param>
/// <param name="Split">What it was trained on, or null.</param>
/// <param name="Run">Its training, or null.</param>
internal sealed record GrokSource(LoadedModel Model, ModularTask Task, PairSplit? Split, ModularRun? Run) : IDisposable
{
    /// <summary>Opens a run, a model with its training, or anyone's model.</summary>
    /// <param name="path">As typed.</param>
    /// <param name="device">Where to run it.</param>
    /// <param name="modulus">p, where the path does not say; null for one less than the vocabulary.</param>
    /// <param name="operation">The operation, where the path does not say.</param>
    /// <param name="splitSeed">The seed of the split, where the path does not say; null for an unknown split.</param>
    /// <param name="fraction">The part that was trained on, where the path does not say.</param>
    /// <exception cref="UserErrorException">What was said contradicts the path, or p cannot be told.</exception>
    public static GrokSource Open(string path, Device device, int? modulus, string? operation, uint? splitSeed, double? fraction)
    {
        if (ModularRun.TryOpen(path) is { } run)
        {
            if (modulus is not null || operation is not null || splitSeed is not null || fraction is not null)
                throw UserErrorException.Usage($"'{path}' says how its model was trained; leave --modulus, --operation, --split-seed and --train-fraction away");
            return new GrokSource(new LoadedModel(path, run.LoadModel()), run.Task, run.Split, run);
        }

        if (fraction is not null && splitSeed is null)
            throw UserErrorException.Usage("--train-fraction says nothing without --split-seed; give both or neither");
        var model = LoadedModel.Load(path, new LoadOptions { Device = device });
        try
        {
            var task = TaskOf(model, modulus, operation);
            var split = splitSeed is { } seed ? PairSplit.Create(task.Order, fraction ?? ModularAdditionOptions.Paper.TrainFraction, seed) : null;
            return new GrokSource(model, task, split, null);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static ModularTask TaskOf(LoadedModel model, int? modulus, string? operation)
    {
        try
        {
            return new ModularTask(modulus ?? model.Config.DVocab - 1, ModularTrainingOptions.Operation(operation));
        }
        catch (ArgumentException e) when (modulus is null)
        {
            throw UserErrorException.Usage($"'{model.Path}' has {model.Config.DVocab} tokens; a model of arithmetic modulo p has p + 1, the numbers and \"=\": "
                + $"say p with --modulus ({e.Message})");
        }
    }
}
