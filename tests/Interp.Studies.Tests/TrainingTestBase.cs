using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests;

/// <summary>What tests of trainings share: a folder that is deleted, a scope, and runs that are stopped at a step.</summary>
public abstract class TrainingTestBase : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("interp-test-").FullName;

    private protected DisposeScope Scope { get; } = torch.NewDisposeScope();

    public void Dispose()
    {
        Scope.Dispose();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A path in the folder.</summary>
    private protected string In(params string[] names) => Path.Combine([folder, .. names]);

    /// <summary>Runs a training to its end, or cancels it when it reports a step.</summary>
    private protected static void Run(Action<IProgress<TrainingProgress>, CancellationToken> training, long? stopAt)
    {
        using var stop = new CancellationTokenSource();
        void Report(TrainingProgress progress)
        {
            if (progress.Step == stopAt) stop.Cancel();
        }

        if (stopAt is null) training(new Immediate(Report), stop.Token);
        else Assert.Throws<OperationCanceledException>(() => training(new Immediate(Report), stop.Token));
    }

    /// <summary>Reports in the thread that trains, at once.</summary>
    private protected sealed class Immediate(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
