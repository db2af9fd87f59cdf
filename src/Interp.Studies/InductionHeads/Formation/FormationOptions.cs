using Interp.Studies.InductionHeads.Training;

namespace Interp.Studies.InductionHeads.Formation;

/// <summary>How to train one small model whose induction heads form in sight; the defaults made those in <c>models/formation</c>.</summary>
/// <remarks>Each takes less than a minute on one core; in two layers the heads form after a third of the steps or later.</remarks>
public sealed record FormationOptions
{
    /// <summary>Layers; <value>2</value>. One layer is the control: it cannot form induction heads.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Width of the residual stream; <value>32</value>.</summary>
    public int ModelWidth { get; init; } = 32;

    /// <summary>Heads a layer; <value>4</value>.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Positions; <value>40</value>: a start token and three copies of 13 tokens.</summary>
    public int Context { get; init; } = 40;

    /// <summary>Tokens; <value>48</value>, the start token among them.</summary>
    public int Vocabulary { get; init; } = 48;

    /// <summary>The shortest part that repeats; <value>5</value>.</summary>
    public int MinPeriod { get; init; } = 5;

    /// <summary>The longest part that repeats; <value>12</value>.</summary>
    public int MaxPeriod { get; init; } = 12;

    /// <summary>Sequences a step; <value>32</value>: half of them text of <see cref="BigramLanguage"/>, half random tokens that repeat.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Steps; <value>1200</value>.</summary>
    public int Steps { get; init; } = 1200;

    /// <summary>Peak learning rate; <value>0.01</value>, after a warm-up of 50 steps, falling along a cosine.</summary>
    public double LearningRate { get; init; } = 1e-2;

    /// <summary>The seed of weights and data; <value>0</value>. The language is the same for all seeds.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps between measurements, at which weights are kept too; <value>25</value>.</summary>
    public int MeasureEvery { get; init; } = 25;

    /// <summary>Checks that the options go together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the option.</exception>
    public FormationOptions Validate()
    {
        Require(Layers > 0 && Heads > 0 && Steps > 0 && MeasureEvery > 0, "Layers, Heads, Steps and MeasureEvery must be positive");
        Require(ModelWidth % Heads == 0, $"ModelWidth {ModelWidth} must be a multiple of Heads {Heads}");
        Require(Batch >= 2, $"Batch {Batch} must be at least 2: half of it is text, half repeats");
        Require(MinPeriod >= 2 && MaxPeriod >= MinPeriod, $"periods {MinPeriod} to {MaxPeriod} must be rising and at least 2");
        Require(2 * MaxPeriod + 1 <= Context, $"Context {Context} must hold two copies of MaxPeriod {MaxPeriod} tokens and a start token");
        Require(Vocabulary > MaxPeriod + 1 && Vocabulary <= InductionVocabulary.Tokens.Count,
            $"Vocabulary {Vocabulary} must be more than a repeated part has, and at most {InductionVocabulary.Tokens.Count}");
        Require(LearningRate > 0, "LearningRate must be positive");
        return this;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new ArgumentException("training options: " + message);
    }
}
