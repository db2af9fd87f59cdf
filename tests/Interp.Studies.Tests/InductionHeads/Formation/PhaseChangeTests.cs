using Interp.Studies.InductionHeads.Formation;

namespace Interp.Studies.Tests.InductionHeads.Formation;

public sealed class PhaseChangeTests
{
    [Fact]
    public void A_step_in_all_curves_is_a_phase_change_at_that_checkpoint()
    {
        var change = PhaseChange.Find(Curves(at => 0.05 + 0.7 / (1 + Math.Exp(-2.0 * (at - 20)))));
        Assert.True(change.Exists);
        Assert.Equal((20, 0), (change.Checkpoint, change.Spread));
        Assert.True(change.Abruptness > 0.9);
        Assert.Equal(["in-context score", "loss of repeated tokens", "weights of queries and keys"], change.Others.Select(curve => curve.Name));
    }

    [Fact]
    public void A_slow_rise_is_none_and_so_is_an_abrupt_one_to_a_low_score()
    {
        Assert.False(PhaseChange.Find(Curves(at => 0.05 + 0.7 * at / 40)).Exists);
        Assert.False(PhaseChange.Find(Curves(at => at < 20 ? 0.05 : 0.2)).Exists);
        Assert.False(PhaseChange.Find(Curves(_ => 0.5)).Exists);
    }

    [Fact]
    public void Curves_that_change_elsewhere_are_that_many_checkpoints_apart()
    {
        var metrics = Curves(at => at < 20 ? 0.05 : 0.75).ToArray();
        for (var at = 0; at < metrics.Length; at++) metrics[at] = metrics[at] with { RepeatedLoss = 1 / (1 + Math.Exp(2.0 * (at - 26))) };
        Assert.InRange(PhaseChange.Find(metrics).Spread, 5, 7);
    }

    [Fact]
    public void Too_few_checkpoints_are_an_error() =>
        Assert.Contains("at least 8 checkpoints, got 7", Assert.Throws<ArgumentException>(() => PhaseChange.Find([.. Curves(_ => 0).Take(7)])).Message);

    private static IReadOnlyList<FormationMetrics> Curves(Func<int, double> prefix) =>
        [.. Enumerable.Range(0, 41).Select(at => new FormationMetrics(25 * at, 2, 4, 4 - 4 * prefix(at), -4 * prefix(at), 0.1, prefix(at), [prefix(at), prefix(at)], [1, 1], 1, [1]))];
}
