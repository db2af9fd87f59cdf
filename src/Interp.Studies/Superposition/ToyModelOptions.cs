namespace Interp.Studies.Superposition;

/// <summary>A batch of toy models; the defaults are those of the notebook of Elhage et al. 2022.</summary>
public sealed record ToyModelOptions
{
    /// <summary>n, the features.</summary>
    public required int Features { get; init; }

    /// <summary>m, the dimensions that they are squeezed into.</summary>
    public required int Hidden { get; init; }

    /// <summary>The models, each with its density and importances.</summary>
    public required IReadOnlyList<ToyInstance> Instances { get; init; }

    /// <summary>What the models compute; <value>ReluOutput</value>.</summary>
    public ToyArchitecture Architecture { get; init; } = ToyArchitecture.ReluOutput;

    /// <summary>Which features occur together; <value>Independent</value>.</summary>
    public FeatureCorrelation Correlation { get; init; } = FeatureCorrelation.Independent;

    /// <summary>Neighbouring features that are correlated or anticorrelated; <value>2</value>, pairs.</summary>
    public int BlockSize { get; init; } = 2;

    /// <summary>Steps; <value>10000</value>.</summary>
    public int Steps { get; init; } = 10_000;

    /// <summary>Examples a step and instance; <value>1024</value>.</summary>
    public int Batch { get; init; } = 1024;

    /// <summary>AdamW's learning rate; <value>1e-3</value>.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Over how many of the last steps the learning rate falls to zero; <value>0</value>, it does not fall.
    /// A fall lets geometries settle in fewer steps than a constant rate.</summary>
    public int DecaySteps { get; init; }

    /// <summary>AdamW's weight decay; <value>0.01</value>, PyTorch's.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The seed of weights and data; <value>0</value>.</summary>
    public ulong Seed { get; init; }

    /// <summary>The options in one line, for a report.</summary>
    public string Summary => $"{Architecture}, {Features} features, {Hidden} dimensions, {Instances.Count} instances, "
        + $"{Steps} steps of {Batch}";

    /// <summary>Options that settle in a few thousand steps what the constant rate of the paper takes ten thousand for:
    /// a learning rate of 3e-3, which falls over the second half, and no weight decay.</summary>
    /// <param name="features">n</param>
    /// <param name="hidden">m</param>
    /// <param name="instances">The models.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="batch">Examples a step and instance.</param>
    public static ToyModelOptions Settling(int features, int hidden, IReadOnlyList<ToyInstance> instances, int steps,
        int batch) => new()
        {
            Features = features,
            Hidden = hidden,
            Instances = instances,
            Steps = steps,
            DecaySteps = steps / 2,
            Batch = batch,
            LearningRate = 3e-3,
            WeightDecay = 0,
        };

    /// <summary>The same for a moment, to see that everything runs: few steps of few examples, with the same share of
    /// them in which the learning rate falls.</summary>
    /// <param name="steps">Steps.</param>
    /// <param name="batch">Examples a step and instance.</param>
    public ToyModelOptions Shortened(int steps = 20, int batch = 32) => this with
    {
        Steps = steps,
        DecaySteps = (int)((long)DecaySteps * steps / Steps),
        Batch = batch,
    };

    /// <summary>Checks that the options go together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the option.</exception>
    public ToyModelOptions Validate()
    {
        Require(Features > 0 && Hidden > 0, $"Features {Features} and Hidden {Hidden} must be positive");
        Require(Instances.Count > 0, "Instances is empty");
        Require(Steps > 0 && Batch > 0 && LearningRate > 0 && WeightDecay >= 0,
            "Steps, Batch and LearningRate must be positive, WeightDecay not negative");
        Require(DecaySteps >= 0 && DecaySteps <= Steps, $"DecaySteps {DecaySteps} must be from 0 to Steps, {Steps}");
        Require(Correlation == FeatureCorrelation.Independent || (BlockSize > 0 && Features % BlockSize == 0),
            $"Features {Features} cannot be divided into blocks of BlockSize {BlockSize}");
        foreach (var instance in Instances)
        {
            Require(instance.Density is > 0 and <= 1, $"Density {instance.Density} must be above 0 and at most 1");
            Require(instance.Importance.Count == Features,
                $"an instance has {instance.Importance.Count} importances for {Features} features");
        }

        return this;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new ArgumentException("toy model options: " + message);
    }
}
