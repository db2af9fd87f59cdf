using System.Text;
using System.Text.Json;
using Interp.Loading;
using Interp.Models;
using Interp.Studies.Stories.Grammar;
using Interp.Tensors;
using Interp.Tokenizers;
using Interp.Training;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Stories;

/// <summary>Trains a small GPT-2 on the stories of <see cref="StoryGrammar"/>.</summary>
/// <remarks>
/// Every step draws new stories, so that nothing is seen twice and held-out loss and training loss are the same thing.
/// <code>
/// using var training = StoriesTraining.Start("runs/stories", new StoriesTrainingOptions());
/// training.Run(progress: null, CancellationToken.None);
/// training.SaveModel("runs/stories/model", "a note of how it was made");
/// </code>
/// </remarks>
public sealed class StoriesTraining : TrainingRun<StoriesMetrics>
{
    private const int MeasuredStories = 200;

    // Not the seed of the card: what decides about the training is not what is reported of it.
    private const ulong MeasuredSeed = 1;

    private readonly StoryRows rows;
    private readonly RunTime time;

    private StoriesTraining(RunFolder folder, StoriesTrainingOptions options, Device device, TimeProvider clock)
        : base(folder, Plan(options), NewModel(folder.Path, options, device), new Generator(options.Seed))
    {
        Options = options;
        rows = new StoryRows(new StoryGrammar(), Model.Tokenizer!, options.Seed);
        time = RunTime.Open(folder.Path, clock);
    }

    /// <summary>The options of the run.</summary>
    public StoriesTrainingOptions Options { get; }

    /// <summary>How long the run has taken, its interruptions left out.</summary>
    public TimeSpan Elapsed => time.Total;

    /// <summary>The time of all processors together that the run has taken.</summary>
    public TimeSpan ProcessorTime => time.Processor;

    /// <summary>Starts a run in a new folder: learns the vocabulary and makes the model.</summary>
    /// <exception cref="IOException">The folder holds a run already.</exception>
    public static StoriesTraining Start(string path, StoriesTrainingOptions options, Device? device = null, TimeProvider? clock = null)
    {
        var folder = RunFolder.Create(path, options.Validate());
        StoryTokenizer.Learn(options.VocabularyStories, options.Vocabulary, options.Seed)
            .Save(Path.Combine(path, StoryTokenizer.FileName));
        return new StoriesTraining(folder, options, device ?? torch.CPU, clock ?? TimeProvider.System);
    }

    /// <summary>Goes on with a run from its newest checkpoint, to the same numbers as if it had not been stopped.</summary>
    /// <exception cref="IOException">The folder holds no run.</exception>
    public static StoriesTraining Resume(string path, Device? device = null, TimeProvider? clock = null)
    {
        var (folder, options) = RunFolder.Open<StoriesTrainingOptions>(path);
        var training = new StoriesTraining(folder, options.Validate(), device ?? torch.CPU, clock ?? TimeProvider.System);
        training.Restore();
        return training;
    }

    /// <summary>
    /// Saves the model with its tokenizer and a model card, in a folder that <see cref="HookedTransformer.Load"/> and
    /// Hugging Face <c>transformers</c> read.
    /// </summary>
    /// <param name="path">The folder; made if it is missing.</param>
    /// <param name="command">The command that made the model, for the card.</param>
    /// <param name="stories">Stories that the card's numbers are measured on; <value>1000</value>.</param>
    /// <param name="cancellation">Stops the measurement.</param>
    /// <returns>What the card says.</returns>
    /// <exception cref="InvalidOperationException">The training is not finished.</exception>
    public StoriesScores SaveModel(string path, string command, int stories = StoriesEvaluation.DefaultStories, CancellationToken cancellation = default)
    {
        RequireFinished();
        var scores = StoriesEvaluation.Measure(Model, stories, cancellation: cancellation);
        Gpt2Saver.Save(Model, path, new Dictionary<string, string> { ["seed"] = Options.Seed.ToString(), ["steps"] = Step.ToString() });
        Write(StoryTokenizer.FileName, File.ReadAllBytes(Path.Combine(Folder.Path, StoryTokenizer.FileName)));
        Write("tokenizer_config.json", JsonSerializer.SerializeToUtf8Bytes(new
        {
            tokenizer_class = "PreTrainedTokenizerFast",
            bos_token = StoryTokenizer.Start,
            eos_token = StoryTokenizer.Start,
            model_max_length = Options.Context,
        }, RunFolder.Json));
        Write("README.md", Encoding.UTF8.GetBytes(StoriesModelCard.Write(this, scores, command)));
        return scores;

        void Write(string name, byte[] content) => AtomicFile.Write(Path.Combine(path, name), stream => stream.Write(content));
    }

    /// <inheritdoc/>
    protected override Tensor Loss()
    {
        var (tokens, known) = rows.Draw(Step, Options.Batch, Options.Context + 1); // [batch, context + 1]
        var input = tokens.narrow(1, 0, Options.Context).to(Model.Device);
        var next = tokens.narrow(1, 1, Options.Context).flatten().to(Model.Device);
        var logits = Model.Forward(input).flatten(0, 1); // [batch · context, d_vocab]
        if (Step < Options.EmphasisFrom) return torch.nn.functional.cross_entropy(logits, next);

        // Whether a place is marked depends on the text before it, so the least loss is still the grammar's own
        // distribution: what changes is how much of the gradient comes from where there is something to find out. One
        // exception: behind "the dogs near the tree" a verb is marked and a second landmark, which may come instead, is
        // not. There the model expects the verb more than the grammar does; the card says so.
        var weights = 1 + known.narrow(1, 1, Options.Context).flatten().to(Model.Device).to(logits.dtype) * (Options.Emphasis - 1);
        return (torch.nn.functional.cross_entropy(logits, next, reduction: nn.Reduction.None) * weights).sum() / weights.sum();
    }

    /// <inheritdoc/>
    protected override StoriesMetrics Measure(double loss)
    {
        var scores = StoriesEvaluation.Measure(Model, MeasuredStories, MeasuredSeed);
        return new StoriesMetrics(Step, loss, scores.Loss, scores.Entropy,
            scores.Behaviours.ToDictionary(score => score.Behaviour.ToString(), score => score.Accuracy));
    }

    /// <inheritdoc/>
    protected override string Note() => LastMetrics is not { } m ? ""
        : $"held out {m.Loss:F3} (least {m.Entropy:F3}), indirect object {m.Accuracy[nameof(StoryBehaviour.IndirectObject)]:F2}";

    /// <inheritdoc/>
    protected override void OnSaved() => time.Save();

    private static TrainingPlan Plan(StoriesTrainingOptions options) => new(options.Steps, options.MeasureEvery, options.CheckpointEvery)
    {
        LearningRate = options.LearningRate,
        WeightDecay = options.WeightDecay,
        ClipNorm = options.ClipNorm,
    };

    private static HookedTransformer NewModel(string folder, StoriesTrainingOptions options, Device device)
    {
        var tokenizer = StoryTokenizer.Load(folder);
        using var seeded = new Generator(options.Seed, device);
        var made = ModelInitializer.Create(Config(options, tokenizer), seeded, tokenizer);
        made.Weights.Unembed.Bias!.Dispose(); // GPT-2 has none
        SetPositions(made.Weights.PosEmbed!);
        var weights = made.Weights with { Unembed = new LinearWeights(made.Weights.Unembed.Weight, null) };
        return new HookedTransformer(made.Config, weights, tokenizer).RequireGradients();
    }

    /// <summary>
    /// Positions begin as the sinusoids of Vaswani et al. 2017 and are trained from there: a head that looks one token
    /// back is then a rotation away, where from random positions it takes most of the training to form.
    /// </summary>
    private static void SetPositions(Tensor positions)
    {
        const double longest = 100, size = 0.1; // wavelengths of 2π to 2π · 100 tokens; about the size of the token embedding
        using var scope = torch.NewDisposeScope();
        var (count, width) = (positions.size(0), positions.size(1));
        var values = new float[count * width];
        for (var p = 0; p < count; p++)
            for (var i = 0; i < width; i++)
            {
                var angle = p / Math.Pow(longest, i / 2 * 2.0 / width);
                values[p * width + i] = (float)(size * (i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle)));
            }
        positions.copy_(torch.tensor(values, [count, width]));
    }

    private static HookedTransformerConfig Config(StoriesTrainingOptions options, Tokenizer tokenizer) => new()
    {
        ModelName = "stories",
        NLayers = options.Layers,
        DModel = options.ModelWidth,
        NHeads = options.Heads,
        DHead = options.ModelWidth / options.Heads,
        DMlp = options.MlpWidth,
        ActFn = "gelu_new",
        NCtx = options.Context,
        DVocab = tokenizer.VocabularySize,
        EosTokenId = (int)tokenizer.BosId!.Value,
    };
}
