using Interp.Studies.ModularAddition;

namespace Interp.Studies.Tests.ModularAddition;

public class GrokPhasesTests
{
    [Fact]
    public void Phases_end_at_the_least_excluded_loss_the_last_high_test_loss_and_the_first_low_one()
    {
        var phases = GrokPhases.Find(Curve((0, 4.7, 4.7), (1, 15, 0.1), (2, 20, 0.02), (3, 18, 0.5), (4, 11, 3), (5, 2, 8), (6, 0.01, 7), (7, 1e-5, 6)));
        Assert.Equal(new GrokPhases(2, 4, 6), phases);
    }

    [Fact]
    public void A_model_that_only_memorizes_has_no_phases()
    {
        Assert.Null(GrokPhases.Find(Curve((0, 4.7, 4.7), (1, 15, 0.1), (2, 20, 0.02), (3, 18, 0.01))));
        Assert.Null(GrokPhases.Find([]));
    }

    private static ProgressMeasures[] Curve(params (long Step, double Test, double Excluded)[] points) =>
        [.. points.Select(p => new ProgressMeasures(p.Step, 0, p.Test, 0, p.Excluded, new Dictionary<int, double>(), 0, 0, 0))];
}
