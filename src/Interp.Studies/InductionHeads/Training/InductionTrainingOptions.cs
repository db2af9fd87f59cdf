namespace Interp.Studies.InductionHeads.Training;

/// <summary>How to train an induction model; the defaults made the one in <c>models/induction</c>.</summary>
public sealed record InductionTrainingOptions
{
    /// <summary>Layers; <value>2</value>. One layer cannot form an induction head.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Width of the residual stream; <value>128</value>.</summary>
    public int ModelWidth { get; init; } = 128;

    /// <summary>Heads a layer; <value>4</value>.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Positions; <value>128</value>, room for four copies of 25 tokens.</summary>
    public int Context { get; init; } = 128;

    /// <summary>The shortest repeated part; <value>8</value>.</summary>
    public int MinPeriod { get; init; } = 8;

    /// <summary>The longest repeated part; <value>60</value>.</summary>
    public int MaxPeriod { get; init; } = 60;

    /// <summary>Steps; <value>2000</value>.</summary>
    public int Steps { get; init; } = 2000;

    /// <summary>Sequences a step; <value>32</value>.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Peak learning rate; <value>0.003</value>, after a warm-up of 100 steps, falling along a cosine.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>AdamW's weight decay; <value>0</value>: it would blur the attention that it takes to look exactly one token back.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The largest norm of a gradient; <value>1</value>.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>The seed of weights and data; <value>0</value>.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps between measurements; <value>100</value>.</summary>
    public int MeasureEvery { get; init; } = 100;

    /// <summary>Steps between checkpoints; <value>500</value>.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Checks that the options go together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the option.</exception>
    public InductionTrainingOptions Validate()
    {
        Require(Layers > 0 && Heads > 0 && Steps > 0 && Batch > 0, "Layers, Heads, Steps and Batch must be positive");
        Require(ModelWidth % Heads == 0, $"ModelWidth {ModelWidth} must be a multiple of Heads {Heads}");
        Require(MinPeriod >= 2 && MaxPeriod >= MinPeriod, $"periods {MinPeriod} to {MaxPeriod} must be rising and at least 2");
        Require(2 * MaxPeriod + 1 <= Context, $"Context {Context} must hold two copies of MaxPeriod {MaxPeriod} tokens and a start token");
        Require(LearningRate > 0 && WeightDecay >= 0 && ClipNorm > 0, "LearningRate and ClipNorm must be positive, WeightDecay not negative");
        Require(MeasureEvery > 0 && CheckpointEvery > 0, "MeasureEvery and CheckpointEvery must be positive");
        return this;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new ArgumentException("training options: " + message);
    }
}
