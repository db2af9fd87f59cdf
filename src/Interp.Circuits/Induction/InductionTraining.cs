using System.Text;
using System.Text.Json;
using Interp.Circuits.Heads;
using Interp.Loading;
using Interp.Models;
using Interp.Torch;
using Interp.Torch.Optim;
using Interp.Training;
using Interp.Weights;

namespace Interp.Circuits.Induction;

/// <summary>Trains a small attention-only transformer on repeated random sequences until it forms induction heads.</summary>
/// <remarks>
/// Two layers suffice (Elhage et al. 2021): a head of the first layer writes at every position which token came before;
/// a head of the second finds the position whose "token before" is the current token, and copies what stands there.
/// <code>
/// using var training = InductionTraining.Start("runs/induction", new InductionTrainingOptions { Seed = 1 });
/// training.Run(progress: null, CancellationToken.None);
/// </code>
/// </remarks>
public sealed class InductionTraining : IDisposable
{
    private const int KeptCheckpoints = 2;
    private const int WarmUp = 100;

    private readonly RunFolder folder;
    private readonly Generator generator;
    private readonly AdamW optimizer;
    private readonly LearningRateScheduler schedule;

    private InductionTraining(RunFolder folder, InductionTrainingOptions options, Device device)
    {
        this.folder = folder;
        Options = options.Validate();
        generator = new Generator(options.Seed);
        using (var weights = new Generator(options.Seed, device))
            Model = ModelInitializer.Create(Config(options), weights, InductionVocabulary.Tokenizer()).RequireGradients();
        optimizer = new AdamW(Model.Weights.Named().Select(pair => pair.Tensor),
            new AdamWOptions { LearningRate = options.LearningRate, WeightDecay = options.WeightDecay, Beta2 = 0.98 });
        schedule = new LearningRateScheduler(optimizer, LearningRateSchedule.LinearWarmup(WarmUp)
            .Then(WarmUp, LearningRateSchedule.Cosine(Math.Max(options.Steps - WarmUp, 1), 0.05)));
    }

    /// <summary>The options of the run.</summary>
    public InductionTrainingOptions Options { get; }

    /// <summary>The model as it is now.</summary>
    public HookedTransformer Model { get; }

    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>The last measurement, or null before the first.</summary>
    public InductionMetrics? LastMetrics { get; private set; }

    /// <summary>Starts a run in a new folder.</summary>
    /// <exception cref="IOException">The folder holds a run already.</exception>
    public static InductionTraining Start(string path, InductionTrainingOptions options, Device? device = null) =>
        new(RunFolder.Create(path, options.Validate()), options, device ?? Device.CPU);

    /// <summary>Goes on with a run from its newest checkpoint, to the same numbers as if it had not been stopped.</summary>
    /// <exception cref="IOException">The folder holds no run.</exception>
    public static InductionTraining Resume(string path, Device? device = null)
    {
        var (folder, options) = RunFolder.Open<InductionTrainingOptions>(path);
        var training = new InductionTraining(folder, options, device ?? Device.CPU);
        if (folder.NewestCheckpoint() is { } newest)
            training.Step = Checkpoint.Load(newest, training.Model.Weights.Named(), training.optimizer, training.generator);
        training.schedule.StepCount = training.Step;
        folder.TruncateMetrics(training.Step);
        return training;
    }

    /// <summary>Trains until the last step, or until it is cancelled: then a checkpoint is written first.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the run can be resumed.</exception>
    public void Run(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        while (Step < Options.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                cancellation.ThrowIfCancellationRequested();
            }
            var (loss, repeated) = TrainStep();
            if (Step % Options.MeasureEvery == 0 || Step == Options.Steps) Measure(loss, repeated);
            progress?.Report(new TrainingProgress(Step, Options.Steps, loss, Note()));
            if (Step % Options.CheckpointEvery == 0 || Step == Options.Steps) Save();
        }
    }

    /// <summary>
    /// Saves the model with its vocabulary and a model card, in a folder that <see cref="HookedTransformer.Load"/> reads.
    /// </summary>
    /// <param name="path">The folder; made if it is missing.</param>
    /// <param name="command">The command that made the model, for the card.</param>
    /// <exception cref="InvalidOperationException">The training is not finished.</exception>
    public void SaveModel(string path, string command)
    {
        if (Step < Options.Steps || LastMetrics is null)
            throw new InvalidOperationException($"the training is at step {Step} of {Options.Steps}; run it to the end before saving the model");
        ModelSaver.Save(Model, path, new Dictionary<string, string> { ["seed"] = Options.Seed.ToString(), ["steps"] = Step.ToString() });
        WriteJson("token_mappings.json", new { token2id = InductionVocabulary.Tokens.Index().ToDictionary(p => p.Item, p => p.Index) });
        WriteJson("tokenizer_config.json", new { bos_token = InductionVocabulary.Start });
        Write("README.md", stream => stream.Write(Encoding.UTF8.GetBytes(InductionModelCard.Write(this, command))));

        void Write(string name, Action<Stream> write) => AtomicFile.Write(Path.Combine(path, name), write);
        void WriteJson<T>(string name, T value) => Write(name, stream => JsonSerializer.Serialize(stream, value, RunFolder.Json));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        optimizer.Dispose();
        generator.Dispose();
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

    private (double Loss, double Repeated) TrainStep()
    {
        using var scope = torch.NewDisposeScope();
        var (tokens, from) = InductionData.Draw(Options, Model.Config.DVocab, generator);
        (tokens, from) = (tokens.to(Model.Device), from.to(Model.Device));
        optimizer.zero_grad();
        var losses = HookedTransformer.LossPerToken(Model.Forward(tokens), tokens); // [batch, pos − 1]
        var loss = losses.mean();
        loss.backward();
        torch.nn.utils.clip_grad_norm_(Model.Weights.Named().Select(pair => pair.Tensor), Options.ClipNorm);
        optimizer.step();
        schedule.step();
        Step++;

        using var noGrad = torch.no_grad();
        var predictable = torch.arange(losses.size(1), device: Model.Device).unsqueeze(0).ge(from.unsqueeze(1)).to(losses.dtype);
        var repeated = (losses * predictable).sum() / predictable.sum();
        return (loss.item<double>(), repeated.item<double>());
    }

    private void Measure(double loss, double repeated)
    {
        var heads = HeadScores.Measure(Model).Heads;
        LastMetrics = new InductionMetrics(Step, loss, repeated,
            heads.Where(h => h.Layer == 0).Max(h => h.PreviousToken),
            heads.Where(h => h.Layer > 0).Select(h => h.Induction).DefaultIfEmpty(0).Max());
        folder.Append(LastMetrics);
    }

    private string Note() => LastMetrics is { } m ? $"previous token {m.PreviousToken:F2}, induction {m.Induction:F2}" : "";

    private void Save()
    {
        Checkpoint.Save(folder.CheckpointPath(Step), Step, Model.Weights.Named(), optimizer, generator);
        folder.KeepNewest(KeptCheckpoints);
    }
}
