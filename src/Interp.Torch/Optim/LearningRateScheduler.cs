namespace Interp.Torch.Optim;

/// <summary>Sets the learning rates of an optimizer's groups by a schedule.</summary>
/// <remarks>
/// Call <see cref="step"/> once after each step of the optimizer, as in PyTorch. Making the scheduler sets the
/// rates of step 0.
/// </remarks>
public sealed class LearningRateScheduler
{
    private readonly Optimizer optimizer;
    private readonly LearningRateSchedule schedule;

    /// <param name="optimizer">Whose learning rates are set.</param>
    /// <param name="schedule">Factors of each group's initial learning rate.</param>
    public LearningRateScheduler(Optimizer optimizer, LearningRateSchedule schedule)
    {
        this.optimizer = optimizer;
        this.schedule = schedule;
        Apply();
    }

    /// <summary>The steps done: the whole state. Setting it, to resume, sets the learning rates too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative number.</exception>
    public long StepCount
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
            Apply();
        }
    }

    /// <summary>Goes on to the next step's learning rates.</summary>
    public void step() => StepCount++;

    private void Apply()
    {
        var factor = schedule.Factor(StepCount);
        foreach (var group in optimizer.Groups) group.LearningRate = group.InitialLearningRate * factor;
    }
}
