namespace Interp.Training;

/// <summary>How a <see cref="TrainingRun{TMetrics}"/> goes: AdamW with a warm-up and a cosine behind it.</summary>
/// <param name="Steps">Steps in all.</param>
/// <param name="MeasureEvery">Steps between measurements.</param>
/// <param name="CheckpointEvery">Steps between checkpoints.</param>
public sealed record TrainingPlan(long Steps, int MeasureEvery, int CheckpointEvery)
{
    /// <summary>Peak learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Steps in which the learning rate rises from 0; <value>100</value>.</summary>
    public int WarmUp { get; init; } = 100;

    /// <summary>The last learning rate as a part of the peak; <value>0.05</value>.</summary>
    public double FinalRate { get; init; } = 0.05;

    /// <summary>AdamW's weight decay; <value>0</value>.</summary>
    public double WeightDecay { get; init; }

    /// <summary>AdamW's second beta; <value>0.98</value>.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>The largest norm of a gradient; <value>1</value>.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>
    /// The learning rate of a step as a part of the peak: it rises in a straight line, then falls along half a cosine
    /// (Loshchilov and Hutter 2017, without restarts).
    /// </summary>
    /// <param name="step">Steps done before.</param>
    public double RateFactor(int step)
    {
        if (step < WarmUp) return (double)step / WarmUp;
        var falling = Math.Max(Steps - WarmUp, 1);
        var way = (double)Math.Min(step - WarmUp, falling) / falling;
        return FinalRate + (1 - FinalRate) * (1 + Math.Cos(Math.PI * way)) / 2;
    }
}
