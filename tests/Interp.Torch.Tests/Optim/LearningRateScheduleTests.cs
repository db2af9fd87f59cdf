namespace Interp.Torch.Tests.Optim;

public class LearningRateScheduleTests
{
    [Fact]
    public void Schedules_give_the_factors_of_their_formulas()
    {
        Factors([0.5, 0.5, 0.5], LearningRateSchedule.Constant(0.5));
        Factors([0.1, 0.325, 0.55, 0.775, 1, 1], LearningRateSchedule.LinearWarmup(4, from: 0.1));
        Factors([1, 0.75, 0.5, 0.25, 0, 0], LearningRateSchedule.LinearDecay(4));
        Factors([1, 0.9, 0.8, 0.8], LearningRateSchedule.LinearDecay(2, to: 0.8));
        Factors([1, 0.1 + 0.9 * (1 + Math.Sqrt(0.5)) / 2, 0.55, 0.1 + 0.9 * (1 - Math.Sqrt(0.5)) / 2, 0.1, 0.1],
            LearningRateSchedule.Cosine(4, to: 0.1));
        Factors([1, 0.5, 0.25, 0.125], LearningRateSchedule.Lambda(step => Math.Pow(0.5, step)));
        Factors([0, 0.5, 1, 0.5, 0, 7, 7],
            LearningRateSchedule.LinearWarmup(2).Then(2, LearningRateSchedule.LinearDecay(2))
                .Then(5, LearningRateSchedule.Constant(7)));
    }

    [Fact]
    public void Schedules_of_no_steps_are_errors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.LinearDecay(-1));
    }

    [Fact]
    public void A_scheduler_sets_every_group_to_a_factor_of_its_initial_rate()
    {
        using var a = Make.Of(1f).requires_grad_();
        using var b = Make.Of(1f).requires_grad_();
        using var optimizer = new SGD([a], new SgdOptions { LearningRate = 1 });
        optimizer.add_param_group([b], new SgdOptions { LearningRate = 10 });
        var scheduler = new LearningRateScheduler(optimizer, LearningRateSchedule.LinearDecay(4));
        List<(double, double)> rates = [];
        for (var k = 0; k < 3; k++)
        {
            rates.Add((optimizer.Groups[0].LearningRate, optimizer.Groups[1].LearningRate));
            scheduler.step();
        }
        Assert.Equal([(1, 10), (0.75, 7.5), (0.5, 5)], rates);
    }

    [Fact]
    public void A_schedule_resumes_from_its_count_with_a_restored_optimizer()
    {
        using var a = Make.Of(1f).requires_grad_();
        using var first = new SGD([a], new SgdOptions { LearningRate = 2 });
        var scheduler = new LearningRateScheduler(first, LearningRateSchedule.Cosine(10));
        for (var k = 0; k < 4; k++) scheduler.step();

        using var second = new SGD([a], new SgdOptions { LearningRate = 1 });
        second.load_state_dict(first.state_dict());
        var resumed = new LearningRateScheduler(second, LearningRateSchedule.Cosine(10))
        {
            StepCount = scheduler.StepCount,
        };
        Assert.Equal(first.Groups[0].LearningRate, second.Groups[0].LearningRate);
        scheduler.step();
        resumed.step();
        Assert.Equal(first.Groups[0].LearningRate, second.Groups[0].LearningRate);
        Assert.Throws<ArgumentOutOfRangeException>(() => resumed.StepCount = -1);
    }

    private static void Factors(double[] expected, LearningRateSchedule schedule)
    {
        for (var k = 0; k < expected.Length; k++) Assert.Equal(expected[k], schedule.Factor(k), 1e-12);
    }
}
