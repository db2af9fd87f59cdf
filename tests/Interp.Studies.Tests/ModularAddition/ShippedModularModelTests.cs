using Interp.Models;
using Interp.Studies.ModularAddition;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.ModularAddition;

/// <summary>The model in <c>models/modadd</c> does what its card says.</summary>
public sealed class ShippedModularModelTests : IDisposable
{
    private static readonly string Folder = Repository.Path("models/modadd");

    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly ModularRun run = ModularRun.TryOpen(Folder)!;

    public void Dispose() => scope.Dispose();

    [Fact]
    public void It_answers_every_pair_at_a_test_loss_below_a_hundred_thousandth_and_its_card_shows_what_is_measured()
    {
        using var model = HookedTransformer.Load(Folder);
        var analysis = GrokAnalysis.Of(model, run.Task, run.Split);
        Assert.Equal(1, analysis.Accuracy);
        Assert.True(analysis.SplitLosses!.Value.Test < 1e-5);
        Assert.True(analysis.CircuitFound);

        ModularCard.Matches(Folder, analysis);
    }

    [Fact]
    public void Its_weights_over_time_give_the_saved_progress_measures_and_the_three_phases()
    {
        var saved = run.SavedProgress.ToDictionary(m => m.Step);
        var measured = run.MeasureProgress([14, 15, 25, 37]);
        Assert.Equal(12, measured.Count);
        foreach (var now in measured)
        {
            // Snapshots are in float16.
            var then = saved[now.Step];
            Assert.Equal(then.SquaredWeights, now.SquaredWeights, 1e-3 * then.SquaredWeights);
            Assert.Equal(then.LogitMapGini, now.LogitMapGini, 1e-3);
            Assert.InRange(now.TestLoss / then.TestLoss, 0.9, 1.1);
            Assert.InRange(now.RestrictedLoss / then.RestrictedLoss, 0.9, 1.1);
            Assert.InRange(now.ExcludedLoss / then.ExcludedLoss, 0.9, 1.1);
        }

        var phases = GrokPhases.Find(run.SavedProgress)!;
        Assert.True(phases.Memorized < phases.CircuitFormed && phases.CircuitFormed < phases.CleanedUp);
        Assert.Contains($"memorization to epoch {phases.Memorized:N0}, circuit formation to {phases.CircuitFormed:N0}, cleanup to {phases.CleanedUp:N0}",
            File.ReadAllText(Path.Combine(Folder, "README.md")));
    }

    [Fact]
    public void The_folder_stays_small()
    {
        var bytes = Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        Assert.InRange(bytes, 1, 8_000_000);
        Assert.Equal(run.Options.Epochs, run.Metrics[^1].Step);
    }
}
