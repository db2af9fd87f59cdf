namespace Interp.Studies.Stories;

/// <summary>How to train a language model on stories; the defaults made the one in <c>models/stories</c>.</summary>
public sealed record StoriesTrainingOptions
{
    /// <summary>Layers; <value>4</value>.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Width of the residual stream; <value>128</value>.</summary>
    public int ModelWidth { get; init; } = 128;

    /// <summary>Heads a layer; <value>8</value>.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Neurons of an MLP; <value>512</value>.</summary>
    public int MlpWidth { get; init; } = 512;

    /// <summary>Positions; <value>128</value>, room for the longest story.</summary>
    public int Context { get; init; } = 128;

    /// <summary>The most tokens of the vocabulary; <value>2048</value>, more than it takes to have every word as one token.</summary>
    public int Vocabulary { get; init; } = 2048;

    /// <summary>Stories from which the vocabulary is learned; <value>20000</value>.</summary>
    public int VocabularyStories { get; init; } = 20_000;

    /// <summary>Steps; <value>4500</value>.</summary>
    public int Steps { get; init; } = 4500;

    /// <summary>Rows of tokens a step; <value>16</value>.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Peak learning rate; <value>0.002</value>, after a warm-up of 100 steps, falling along a cosine.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>AdamW's weight decay; <value>0.01</value>.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>
    /// How much more a token counts for the loss where the grammar knows what it must be; <value>5</value>. Names,
    /// pronouns and judgements are few among the tokens, and a plain mean hardly sees them.
    /// </summary>
    public double Emphasis { get; init; } = 5;

    /// <summary>The step from which on they count more; <value>1650</value>.</summary>
    public int EmphasisFrom { get; init; } = 1650;

    /// <summary>The largest norm of a gradient; <value>1</value>.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>The seed of weights and stories; <value>0</value>.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps between measurements; <value>250</value>.</summary>
    public int MeasureEvery { get; init; } = 250;

    /// <summary>Steps between checkpoints; <value>250</value>.</summary>
    public int CheckpointEvery { get; init; } = 250;

    /// <summary>Checks that the options go together.</summary>
    /// <exception cref="ArgumentException">They do not; the message names the option.</exception>
    public StoriesTrainingOptions Validate()
    {
        Require(Layers > 0 && Heads > 0 && MlpWidth > 0 && Steps > 0 && Batch > 0, "Layers, Heads, MlpWidth, Steps and Batch must be positive");
        Require(ModelWidth > 0 && ModelWidth % Heads == 0, $"ModelWidth {ModelWidth} must be a multiple of Heads {Heads}");
        Require(Context >= 16, $"Context is {Context}; it must be at least 16");
        Require(Vocabulary >= 257, $"Vocabulary {Vocabulary} must have room for 256 bytes and the start token");
        Require(VocabularyStories > 0, "VocabularyStories must be positive");
        Require(LearningRate > 0 && WeightDecay >= 0 && ClipNorm > 0, "LearningRate and ClipNorm must be positive, WeightDecay not negative");
        Require(Emphasis >= 1 && EmphasisFrom >= 0, $"Emphasis is {Emphasis} from step {EmphasisFrom}; it must be at least 1, from step 0 or later");
        Require(MeasureEvery > 0 && CheckpointEvery > 0, "MeasureEvery and CheckpointEvery must be positive");
        return this;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new ArgumentException("training options: " + message);
    }
}
