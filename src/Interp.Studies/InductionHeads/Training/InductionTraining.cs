using System.Text;
using System.Text.Json;
using Interp.Circuits.Heads;
using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using Interp.Training;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads.Training;

/// <summary>Trains a small attention-only transformer on repeated random sequences until it forms induction heads.</summary>
/// <remarks>
/// Two layers suffice (Elhage et al. 2021): a head of the first layer writes at every position which token came before;
/// a head of the second finds the position whose "token before" is the current token, and copies what stands there.
/// <code>
/// using var training = InductionTraining.Start("runs/induction", new InductionTrainingOptions { Seed = 1 });
/// training.Run(progress: null, CancellationToken.None);
/// </code>
/// </remarks>
public sealed class InductionTraining : TrainingRun<InductionMetrics>
{
    private double repeatedLoss;

    private InductionTraining(RunFolder folder, InductionTrainingOptions options, Device device)
        : base(folder, Plan(options), NewModel(options, device), new Generator(options.Seed)) => Options = options;

    /// <summary>The options of the run.</summary>
    public InductionTrainingOptions Options { get; }

    /// <summary>Starts a run in a new folder.</summary>
    /// <exception cref="IOException">The folder holds a run already.</exception>
    public static InductionTraining Start(string path, InductionTrainingOptions options, Device? device = null) =>
        new(RunFolder.Create(path, options.Validate()), options, device ?? torch.CPU);

    /// <summary>Goes on with a run from its newest checkpoint, to the same numbers as if it had not been stopped.</summary>
    /// <exception cref="IOException">The folder holds no run.</exception>
    public static InductionTraining Resume(string path, Device? device = null)
    {
        var (folder, options) = RunFolder.Open<InductionTrainingOptions>(path);
        var training = new InductionTraining(folder, options.Validate(), device ?? torch.CPU);
        training.Restore();
        return training;
    }

    /// <summary>
    /// Saves the model with its vocabulary and a model card, in a folder that <see cref="HookedTransformer.Load"/> reads.
    /// </summary>
    /// <param name="path">The folder; made if it is missing.</param>
    /// <param name="command">The command that made the model, for the card.</param>
    /// <exception cref="InvalidOperationException">The training is not finished.</exception>
    public void SaveModel(string path, string command)
    {
        RequireFinished();
        ModelSaver.Save(Model, path, new Dictionary<string, string> { ["seed"] = Options.Seed.ToString(), ["steps"] = Step.ToString() });
        WriteJson("token_mappings.json", new { token2id = InductionVocabulary.Tokens.Index().ToDictionary(p => p.Item, p => p.Index) });
        WriteJson("tokenizer_config.json", new { bos_token = InductionVocabulary.Start });
        Write("README.md", stream => stream.Write(Encoding.UTF8.GetBytes(InductionModelCard.Write(this, command))));

        void Write(string name, Action<Stream> write) => AtomicFile.Write(Path.Combine(path, name), write);
        void WriteJson<T>(string name, T value) => Write(name, stream => JsonSerializer.Serialize(stream, value, RunFolder.Json));
    }

    /// <inheritdoc/>
    protected override Tensor Loss()
    {
        var (tokens, from) = InductionData.Draw(Options, Model.Config.DVocab, Generator);
        (tokens, from) = (tokens.to(Model.Device), from.to(Model.Device));
        var losses = HookedTransformer.LossPerToken(Model.Forward(tokens), tokens); // [batch, pos − 1]

        var loss = losses.mean();

        using var noGrad = torch.no_grad();
        var predictable = torch.arange(losses.size(1), device: Model.Device).unsqueeze(0).ge(from.unsqueeze(1)).to(losses.dtype);
        repeatedLoss = ((losses * predictable).sum() / predictable.sum()).ToDouble();
        return loss;
    }

    /// <inheritdoc/>
    protected override InductionMetrics Measure(double loss)
    {
        var heads = HeadScores.Measure(Model).Heads;
        return new InductionMetrics(Step, loss, repeatedLoss,
            heads.Where(h => h.Layer == 0).Max(h => h.PreviousToken),
            heads.Where(h => h.Layer > 0).Select(h => h.Induction).DefaultIfEmpty(0).Max());
    }

    /// <inheritdoc/>
    protected override string Note() => LastMetrics is { } m ? $"previous token {m.PreviousToken:F2}, induction {m.Induction:F2}" : "";

    private static TrainingPlan Plan(InductionTrainingOptions options) => new(options.Steps, options.MeasureEvery, options.CheckpointEvery)
    {
        LearningRate = options.LearningRate,
        WeightDecay = options.WeightDecay,
        ClipNorm = options.ClipNorm,
    };

    private static HookedTransformer NewModel(InductionTrainingOptions options, Device device)
    {
        using var weights = new Generator(options.Seed, device);
        return ModelInitializer.Create(Config(options), weights, InductionVocabulary.Tokenizer()).RequireGradients();
    }

    private static HookedTransformerConfig Config(InductionTrainingOptions options) => new()
    {
        ModelName = "induction",
        NLayers = options.Layers,
        DModel = options.ModelWidth,
        NHeads = options.Heads,
        DHead = options.ModelWidth / options.Heads,
        NCtx = options.Context,
        DVocab = InductionVocabulary.Tokens.Count,
        AttnOnly = true,
        DefaultPrependBos = true,
    };
}
