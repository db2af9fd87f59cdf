using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Superposition;

// Training, and watching it.
public sealed partial class ToyModel
{
    private const int ReportEvery = 100;

    /// <summary>Trains all instances for the steps of the options that are left.</summary>
    /// <param name="progress">Gets the sum of losses.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public void Train(IProgress<TrainingProgress>? progress, CancellationToken cancellation) =>
        Advance(Options.Steps, progress, cancellation);

    /// <summary>Trains and looks at the models again and again: how dimensionalities and the loss jump
    /// together.</summary>
    /// <param name="every">Steps from one snapshot to the next; the first is before any step, the last after all.</param>
    /// <param name="examples">Examples for the losses, the same for every snapshot.</param>
    /// <param name="progress">Gets the sum of losses.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public IReadOnlyList<ToySnapshot> Watch(int every, int examples, IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(examples);
        using var scope = torch.NewDisposeScope();
        using var draws = new Generator(unchecked(Options.Seed * 2_000_003 + 1)); // not the training's stream
        var x = Data.Draw(examples, draws);
        var snapshots = new List<ToySnapshot> { Snapshot(x) };
        while (StepsDone < Options.Steps)
        {
            Advance(Math.Min(StepsDone + every, Options.Steps), progress, cancellation);
            snapshots.Add(Snapshot(x));
        }

        return snapshots;
    }

    private void Advance(int until, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using var gradients = torch.enable_grad();
        while (StepsDone < until)
        {
            cancellation.ThrowIfCancellationRequested();
            var loss = Step(read: progress is not null && (StepsDone + 1) % ReportEvery == 0);
            if (loss is { } number) progress!.Report(new TrainingProgress(StepsDone, Options.Steps, number, ""));
        }
    }

    private double? Step(bool read)
    {
        using var scope = torch.NewDisposeScope();
        if (Options.DecaySteps > 0)
            optimizer.ParamGroups.Single().LearningRate =
                Options.LearningRate * Math.Min(1, (double)(Options.Steps - StepsDone) / Options.DecaySteps);
        optimizer.zero_grad();
        var loss = Losses(Data.Draw(Options.Batch, generator)).sum();
        Gradients.Backward(loss);
        optimizer.step();
        StepsDone++;
        return read ? loss.ToDouble() : null;
    }

    private ToySnapshot Snapshot(Tensor x)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var w = W.detach();
        var shares = FeatureGeometry.Dimensionality(w.to(ScalarType.Float64));
        var dimensionality = new double[w.size(0), w.size(1)];
        var weights = new float[w.size(0), w.size(1), w.size(2)];
        Buffer.BlockCopy(shares.ToArray<double>(), 0, dimensionality, 0, sizeof(double) * dimensionality.Length);
        Buffer.BlockCopy(w.ToArray<float>(), 0, weights, 0, sizeof(float) * weights.Length);
        var losses = Losses(x).to(ScalarType.Float64).ToArray<double>();
        return new ToySnapshot(StepsDone, losses, dimensionality, weights);
    }
}
