namespace Interp.Torch.Optim;

/// <summary>
/// The learning rate over time: a factor of each group's initial
/// rate for every step, counted from 0.
/// </summary>
/// <remarks>
/// A schedule is a plain function, so it has nothing to save; the <see cref="LearningRateScheduler"/> counts.
/// <code>
/// var schedule = LearningRateSchedule.LinearWarmup(100).Then(100, LearningRateSchedule.Cosine(900));
/// </code>
/// </remarks>
public abstract class LearningRateSchedule
{
    private LearningRateSchedule() { }

    /// <summary>The factor of a step.</summary>
    public abstract double Factor(long step);

    /// <summary>The same factor at every step.</summary>
    public static LearningRateSchedule Constant(double factor = 1) => new Function(_ => factor);

    /// <summary>Rises in a straight line from a factor to 1 within a number of steps, then stays.</summary>
    public static LearningRateSchedule LinearWarmup(long steps, double from = 0) => Line(steps, from, 1);

    /// <summary>Falls in a straight line from 1 to a factor within a number of steps, then stays.</summary>
    public static LearningRateSchedule LinearDecay(long steps, double to = 0) => Line(steps, 1, to);

    /// <summary>
    /// Falls from 1 to a factor along half a cosine, to + (1 − to)(1 + cos(π t / steps)) / 2, then stays
    /// (Loshchilov and Hutter 2017, without restarts).
    /// </summary>
    public static LearningRateSchedule Cosine(long steps, double to = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        return new Function(step => to + (1 - to) * (1 + Math.Cos(Math.PI * Math.Min(step, steps) / steps)) / 2);
    }

    /// <summary>Any function of the step.</summary>
    public static LearningRateSchedule Lambda(Func<long, double> factor) => new Function(factor);

    /// <summary>This schedule for a number of steps, then another, which counts from 0 again.</summary>
    public LearningRateSchedule Then(long steps, LearningRateSchedule next)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return new Function(step => step < steps ? Factor(step) : next.Factor(step - steps));
    }

    private static Function Line(long steps, double from, double to)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        return new Function(step => from + (to - from) * Math.Min(step, steps) / steps);
    }

    private sealed class Function(Func<long, double> factor) : LearningRateSchedule
    {
        public override double Factor(long step) => factor(step);
    }
}
