using Interp.Studies.InductionHeads;
using Interp.Studies.InductionHeads.Formation;

namespace Interp.Studies.Tests.InductionHeads.Formation;

/// <summary>The trainings in <c>models/formation</c> show what their card says.</summary>
public sealed class ShippedStudyTests
{
    private static readonly string Folder = Repository.Path("models/formation");
    private readonly FormationStudy study = FormationStudy.Open(Folder);

    [Fact]
    public void Over_five_seeds_two_layers_change_within_one_checkpoint_and_one_layer_does_not()
    {
        Assert.True(study.Deep.Count() >= 5 && study.Controls.Count() >= 5);
        Assert.All(study.Deep, run =>
        {
            Assert.True(run.PhaseChange.Exists);
            Assert.InRange(run.PhaseChange.Spread, 0, 1);
        });
        Assert.All(study.Controls, run => Assert.False(run.PhaseChange.Exists));
        Assert.All(study.Verdicts(), verdict => Assert.True(verdict.Holds, $"{verdict.Claim}: {verdict.Measured}"));
    }

    [Fact]
    public void The_weights_that_are_kept_give_the_measurements_again()
    {
        foreach (var run in study.Runs)
        {
            Assert.Equal(3, run.Snapshots.Count);
            foreach (var step in run.Snapshots)
            {
                var (then, now) = (run.Metrics.Single(m => m.Step == step), run.Measure(step));
                // Another libtorch rounds differently.
                Assert.Equal(then.RepeatedLoss, now.RepeatedLoss, 1e-3);
                Assert.Equal(then.InContext, now.InContext, 1e-3);
                Assert.Equal(then.PrefixMatching, now.PrefixMatching, 1e-3);
                Assert.Equal(then.PreviousToken, now.PreviousToken, 1e-3);
                Assert.Equal(then.AttentionWeights.Sum(), now.AttentionWeights.Sum(), 0.01);
                Assert.All(then.LossByPosition.Zip(now.LossByPosition), pair => Assert.Equal(pair.First, pair.Second, 5e-3));
            }
        }
    }

    [Fact]
    public void Weights_before_the_change_have_no_induction_heads_and_those_behind_it_do()
    {
        foreach (var run in study.Deep)
        {
            Assert.True(run.Measure(run.Snapshots[0]).PrefixMatching < InductionBounds.Score / 1.5);
            Assert.True(run.Measure(run.Snapshots[^1]).PrefixMatching > 2 * InductionBounds.Score);
        }
    }

    [Fact]
    public void The_card_shows_what_is_measured()
    {
        var card = File.ReadAllText(Path.Combine(Folder, "README.md"));
        foreach (var run in study.Runs)
        {
            var last = run.Metrics[^1];
            Assert.Contains($"{last.PrefixMatching:0.000} | {last.InContext:0.000} | {last.RepeatedLoss:0.000} | {last.TextLoss:0.000} |", card);
        }
        foreach (var verdict in study.Verdicts()) Assert.Contains($"| {verdict.Claim} | {verdict.Measured} | {verdict.HoldsWhen} | yes |", card);
    }

    [Fact]
    public void The_folder_stays_small() =>
        Assert.InRange(Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, 3_000_000);
}
