using Interp.Models;
using Interp.Studies.InductionHeads.Training;
using Interp.Tensors;
using Interp.Tokenizers;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads.Formation;

/// <summary>Trains a small attention-only model and measures it at dense checkpoints, to see induction heads form.</summary>
/// <remarks>
/// Half of what it reads is text of <see cref="BigramLanguage"/>, which needs no induction heads; half is random tokens
/// that repeat, which can be predicted by nothing else. The loss falls while the bigrams are learnt, stays, and falls
/// again within a short time: the phase change of Olsson et al. 2022.
/// <code>
/// using var training = FormationTraining.Start("runs/formation/layers-2-seed-0", new FormationOptions());
/// training.Run(progress: null, CancellationToken.None);
/// </code>
/// The folder gets a line of <c>metrics.jsonl</c> and the weights in <c>snapshots/</c> at every checkpoint, the first
/// before the first step.
/// </remarks>
public sealed class FormationTraining : TrainingRun<FormationMetrics>
{
    private readonly BigramLanguage language;
    private readonly FormationMeter meter;

    private FormationTraining(RunFolder folder, FormationOptions options, Device device)
        : base(folder, Plan(options), NewModel(options, device).RequireGradients(), new Generator(options.Seed))
    {
        Options = options;
        language = new BigramLanguage(options.Vocabulary);
        meter = new FormationMeter(options, Model);
    }

    /// <summary>The options of the run.</summary>
    public FormationOptions Options { get; }

    /// <summary>Starts a run in a new folder, and measures the untrained model.</summary>
    /// <exception cref="IOException">The folder holds a run already.</exception>
    public static FormationTraining Start(string path, FormationOptions options, Device? device = null)
    {
        var training = new FormationTraining(RunFolder.Create(path, options.Validate()), options, device ?? torch.CPU);
        training.Folder.Append(training.Measure(0));
        return training;
    }

    /// <summary>Goes on with a run from its newest checkpoint, to the same numbers as if it had not been stopped.</summary>
    /// <exception cref="IOException">The folder holds no run.</exception>
    public static FormationTraining Resume(string path, Device? device = null)
    {
        var (folder, options) = RunFolder.Open<FormationOptions>(path);
        var training = new FormationTraining(folder, options.Validate(), device ?? torch.CPU);
        training.Restore();
        // A run that was killed before its first line.
        if (!File.Exists(folder.MetricsPath) || training.Folder.LastMetrics<FormationMetrics>() is null) folder.Append(training.Measure(0));
        return training;
    }

    /// <summary>A model of the options' shape with random weights, for snapshots to be put into.</summary>
    internal static HookedTransformer NewModel(FormationOptions options, Device device)
    {
        using var weights = new Generator(options.Seed, device);
        var tokens = VocabularyTableTokenizer.FromTokens([.. InductionVocabulary.Tokens.Take(options.Vocabulary)], new SpecialIds { Bos = 0 });
        return ModelInitializer.Create(new HookedTransformerConfig
        {
            ModelName = $"formation, {options.Layers} {(options.Layers == 1 ? "layer" : "layers")}, seed {options.Seed}",
            NLayers = options.Layers,
            DModel = options.ModelWidth,
            NHeads = options.Heads,
            DHead = options.ModelWidth / options.Heads,
            NCtx = options.Context,
            DVocab = options.Vocabulary,
            AttnOnly = true,
            DefaultPrependBos = true,
        }, weights, tokens);
    }

    /// <inheritdoc/>
    protected override Tensor Loss()
    {
        var tokens = FormationData.Draw(Options, language, Options.Batch, Generator).to(Model.Device);
        return HookedTransformer.LossPerToken(Model.Forward(tokens), tokens).mean();
    }

    /// <inheritdoc/>
    protected override FormationMetrics Measure(double loss)
    {
        SnapshotFolder.Save(Folder.Path, Step, Model, prefix: SnapshotFolder.Step);
        return meter.Measure(Model, Step);
    }

    /// <inheritdoc/>
    protected override string Note() => LastMetrics is { } m ? $"prefix matching {m.PrefixMatching:F2}" : "";

    /// <inheritdoc/>
    protected override void OnDisposed()
    {
        language.Dispose();
        meter.Dispose();
    }

    private static TrainingPlan Plan(FormationOptions options) => new(options.Steps, options.MeasureEvery, 10 * options.MeasureEvery)
    {
        LearningRate = options.LearningRate,
        WarmUp = 50,
    };
}
