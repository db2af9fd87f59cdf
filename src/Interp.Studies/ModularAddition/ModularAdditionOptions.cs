namespace Interp.Studies.ModularAddition;

/// <summary>How to train a model to compute modulo p; the defaults are those of Nanda et al. 2023.</summary>
public sealed record ModularAdditionOptions
{
    /// <summary>The published setting: p = 113, 40,000 epochs.</summary>
    public static ModularAdditionOptions Paper { get; } = new();

    /// <summary>A small setting that groks within minutes on two cores: p = 59.</summary>
    public static ModularAdditionOptions Small { get; } = new()
    {
        Modulus = 59,
        ModelWidth = 64,
        Neurons = 256,
        TrainFraction = 0.4,
        WeightDecay = 2,
        Epochs = 5000,
        Snapshots = 100,
    };

    /// <summary>The prime p; <value>113</value>.</summary>
    public int Modulus { get; init; } = 113;

    /// <summary>What is computed; <value>Add</value>.</summary>
    public ModularOperation Operation { get; init; } = ModularOperation.Add;

    /// <summary>Width of the residual stream; <value>128</value>.</summary>
    public int ModelWidth { get; init; } = 128;

    /// <summary>Heads; <value>4</value>.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Neurons of the MLP; <value>512</value>.</summary>
    public int Neurons { get; init; } = 512;

    /// <summary>The part of all pairs that is trained on; <value>0.3</value>.</summary>
    public double TrainFraction { get; init; } = 0.3;

    /// <summary>The seed of the split, for Python's <c>random.seed</c>; <value>0</value>.</summary>
    public uint SplitSeed { get; init; }

    /// <summary>Epochs, each one step on all pairs of the training side; <value>40000</value>.</summary>
    public int Epochs { get; init; } = 40_000;

    /// <summary>Learning rate behind the warm-up; <value>0.001</value>.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>AdamW's weight decay; <value>1</value>. Without it the model memorizes and stays there.</summary>
    public double WeightDecay { get; init; } = 1;

    /// <summary>AdamW's second β; <value>0.98</value>.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>Steps in which the learning rate rises from 0; <value>10</value>.</summary>
    public int WarmUp { get; init; } = 10;

    /// <summary>The seed of the weights; <value>0</value>.</summary>
    public ulong Seed { get; init; }

    /// <summary>Epochs between measurements; <value>50</value>.</summary>
    public int MeasureEvery { get; init; } = 50;

    /// <summary>Epochs between checkpoints to resume from, of which two are kept; <value>1000</value>.</summary>
    public int CheckpointEvery { get; init; } = 1000;

    /// <summary>
    /// How many sets of weights are kept to look back at, evenly over the training and one from its start;
    /// <value>200</value>. With the model's size this bounds the disk that a run takes.
    /// </summary>
    public int Snapshots { get; init; } = 200;

    /// <summary>Epochs between two sets of weights that are kept.</summary>
    internal int SnapshotEvery => Math.Max(1, (int)Math.Ceiling(Epochs / (double)Snapshots));

    /// <summary>The task.</summary>
    internal ModularTask Task() => new(Modulus, Operation);

    /// <summary>The split of its pairs.</summary>
    internal PairSplit Split() => PairSplit.Create(Task().Order, TrainFraction, SplitSeed);

    /// <summary>Checks that the options go together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the option.</exception>
    public ModularAdditionOptions Validate()
    {
        _ = Task();
        Require(ModelWidth > 0 && Heads > 0 && Neurons > 0, "ModelWidth, Heads and Neurons must be positive");
        Require(ModelWidth % Heads == 0, $"ModelWidth {ModelWidth} must be a multiple of Heads {Heads}");
        Require(TrainFraction is > 0 and < 1, $"TrainFraction {TrainFraction} must lie between 0 and 1");
        Require(Epochs > 0 && MeasureEvery > 0 && CheckpointEvery > 0 && Snapshots > 0,
            "Epochs, MeasureEvery, CheckpointEvery and Snapshots must be positive");
        Require(LearningRate > 0 && WeightDecay >= 0 && Beta2 is >= 0 and < 1 && WarmUp >= 0,
            "LearningRate must be positive, WeightDecay and WarmUp not negative, Beta2 from 0 to below 1");
        return this;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new ArgumentException("training options: " + message);
    }
}
