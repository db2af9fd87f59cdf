using Interp.Sae.Dictionaries;

namespace Interp.Sae.Training;

/// <summary>How dictionaries are trained; the defaults are SAELens 6's where it has them.</summary>
public sealed record SaeTrainingOptions
{
    /// <summary>The dictionaries, trained side by side from one pass over the activations.</summary>
    public required IReadOnlyList<DictionarySpec> Dictionaries { get; init; }

    /// <summary>Steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Activations a step; <value>4096</value>.</summary>
    public int Batch { get; init; } = 4096;

    /// <summary>Activations in the shuffle buffer; <value>32768</value>, 8 batches. Bounds the memory.</summary>
    public int BufferRows { get; init; } = 32768;

    /// <summary>Adam's learning rate; <value>3e-4</value>.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Adam's β₁; <value>0.9</value>.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's β₂; <value>0.999</value>.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Steps in which the learning rate rises in a line; <value>0</value>.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>Last steps in which the learning rate falls to 0 in a line; <value>0</value>; Anthropic uses a
    /// fifth.</summary>
    public int DecaySteps { get; init; }

    /// <summary>Steps in which the sparsity coefficient rises from 0 in a line; <value>0</value>; Anthropic uses
    /// 5%.</summary>
    public int SparsityWarmUpSteps { get; init; }

    /// <summary>The largest norm of a dictionary's gradient; <value>1</value>.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>
    /// Whether decoder directions are kept at unit length, the part of the gradient along them taken out before each
    /// step (Bricken et al. 2023). <value>false</value>
    /// </summary>
    public bool UnitNormDecoder { get; init; }

    /// <summary>
    /// Whether activations are scaled to a root mean norm of √width, so that coefficients mean the same for every
    /// model; taken into the weights when the dictionary is saved. <value>true</value>
    /// </summary>
    public bool ScaleActivations { get; init; } = true;

    /// <summary>
    /// Whether matrix products are taken in bfloat16, while weights, sums, losses and Adam stay float32. Pays on GPUs;
    /// CPUs without instructions for it become several times slower. <value>false</value>
    /// </summary>
    public bool MixedPrecision { get; init; }

    /// <summary>Steps without firing after which a feature counts as dead; <value>1000</value>.</summary>
    public int DeadAfterSteps { get; init; } = 1000;

    /// <summary>
    /// Steps between resamplings of dead features of L1 dictionaries (Bricken et al. 2023); <value>0</value>, none.
    /// </summary>
    public int ResampleEvery { get; init; }

    /// <summary>The seed of weights and order; <value>0</value>.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps between measurements; <value>100</value>.</summary>
    public int MeasureEvery { get; init; } = 100;

    /// <summary>Steps between checkpoints; <value>500</value>.</summary>
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>Checks that the options go together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the option.</exception>
    public SaeTrainingOptions Validate()
    {
        Require(Dictionaries.Count > 0, "Dictionaries is empty");
        foreach (var dictionary in Dictionaries) dictionary.Validate();
        Require(Dictionaries.Select(d => d.Name).Distinct().Count() == Dictionaries.Count,
            "two dictionaries have one name");
        Require(Steps > 0 && Batch > 0, $"Steps {Steps} and Batch {Batch} must be positive");
        Require(BufferRows >= 2L * Batch, $"BufferRows {BufferRows} must hold at least two batches of {Batch}");
        Require(LearningRate > 0 && ClipNorm > 0,
            $"LearningRate {LearningRate} and ClipNorm {ClipNorm} must be positive");
        Require(WarmUpSteps >= 0 && DecaySteps >= 0 && WarmUpSteps + DecaySteps <= Steps,
            $"WarmUpSteps {WarmUpSteps} and DecaySteps {DecaySteps} must fit into Steps {Steps}");
        Require(SparsityWarmUpSteps >= 0 && DeadAfterSteps > 0 && ResampleEvery >= 0,
            "SparsityWarmUpSteps and ResampleEvery must not be negative, DeadAfterSteps must be positive");
        Require(MeasureEvery > 0 && CheckpointEvery > 0, "MeasureEvery and CheckpointEvery must be positive");
        if (ResampleEvery > 0)
            foreach (var other in Dictionaries.Where(d => d.Options is not StandardOptions))
                Require(false, $"ResampleEvery is for L1 dictionaries; '{other.Name}' is none: its kind revives dead "
                    + $"features by its loss");
        return this;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new ArgumentException("training options: " + message);
    }
}
