using Interp.Sae.Activations;
using Interp.Sae.Dictionaries;
using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Training;

/// <summary>Trains one dictionary or several from one stream of activations, in a folder that can be resumed.</summary>
/// <remarks>
/// The folder holds <c>config.json</c>, <c>metrics.jsonl</c> with a line for each measurement and dictionary, and
/// checkpoints with weights, Adam's moments, the random state and the shuffle buffer: a run that was stopped anywhere
/// ends with the same bits as one that was not.
/// <code>
/// using var model = HookedTransformer.Load("models/induction");
/// var sequences = new TokenSequences(ids, length: 64);
/// var source = new ModelActivations(model, sequences, ["blocks.0.hook_resid_post"]);
/// var spec = new DictionarySpec
/// {
///     Name = "resid",
///     Options = new TopKOptions { DIn = 128, DSae = 1024, K = 8 },
///     Inputs = ["blocks.0.hook_resid_post"],
/// };
/// var options = new SaeTrainingOptions { Dictionaries = [spec], Steps = 1000 };
/// using var training = SaeTraining.Start("runs/sae", options, source);
/// training.Run(progress: null, CancellationToken.None);
/// using var dictionary = training.Finished("resid");
/// </code>
/// </remarks>
public sealed class SaeTraining : IDisposable
{
    private const int KeptCheckpoints = 2;

    private readonly RunFolder folder;
    private readonly Generator generator;
    private readonly ShuffleBuffer buffer;
    private readonly List<DictionaryTrainer> trainers = [];
    private readonly FusedAdamW optimizer;
    private optim.lr_scheduler.LRScheduler schedule;
    private IReadOnlyList<SaeMetrics> last = [];
    private bool started;

    private SaeTraining(RunFolder folder, SaeTrainingOptions options, IActivationSource source)
    {
        (this.folder, Options) = (folder, options);
        generator = new Generator(options.Seed);
        buffer = new ShuffleBuffer(source, options.BufferRows, options.Batch, generator);
        for (var i = 0; i < options.Dictionaries.Count; i++)
            trainers.Add(new DictionaryTrainer(options.Dictionaries[i], options, source,
                unchecked(options.Seed * 1_000_003 + (ulong)i)));
        optimizer = new FusedAdamW(trainers.SelectMany(trainer => trainer.Dictionary.Parameters), options.LearningRate,
            options.Beta1, options.Beta2);
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, Rate);
    }

    /// <summary>The options of the run.</summary>
    public SaeTrainingOptions Options { get; }

    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>The last measurement of every dictionary; empty before the first.</summary>
    public IReadOnlyList<SaeMetrics> LastMetrics => last;

    /// <summary>The bytes of the shuffle buffer.</summary>
    public long BufferBytes => buffer.Bytes;

    /// <summary>Starts a run in a new folder.</summary>
    /// <exception cref="IOException">The folder holds a run already.</exception>
    /// <exception cref="ArgumentException">The options do not go together, or not with the activations.</exception>
    public static SaeTraining Start(string path, SaeTrainingOptions options, IActivationSource source)
    {
        options.Validate();
        foreach (var spec in options.Dictionaries) new DictionaryTrainer(spec, options, source,
            0).Dispose(); // errors before a folder is made
        return new SaeTraining(RunFolder.Create(path, new SaeRun(source.Description, options)), options, source);
    }

    /// <summary>What a run was started with, to open its activations again.</summary>
    /// <exception cref="IOException">The folder holds no run.</exception>
    public static SaeRun Describe(string path)
    {
        var run = RunFolder.Open<SaeRun>(path).Options;
        if (run.Data is null
            || run.Training?.Dictionaries is null) throw new IOException($"{Path.Combine(path, "config.json")} is of "
                + $"no training of dictionaries");
        run.Training.Validate();
        return run;
    }

    /// <summary>Goes on with a run from its newest checkpoint.</summary>
    /// <exception cref="IOException">The folder holds no run.</exception>
    /// <exception cref="InvalidDataException">The activations are not those of the run.</exception>
    public static SaeTraining Resume(string path, IActivationSource source)
    {
        var run = Describe(path);
        foreach (var (key, value) in run.Data)
            if (!source.Description.TryGetValue(key, out var here) || here != value)
                throw new InvalidDataException($"{path} was trained on other activations: {key} was '{value}' and is "
                    + $"'{here}' now");
        var training = new SaeTraining(RunFolder.Open<SaeRun>(path).Run, run.Training, source);
        try
        {
            training.folder.RemoveUnfinished();
            if (training.folder.NewestCheckpoint() is { } newest)
                training.Step = Checkpoint.Load(newest, training.State, training.optimizer, training.generator);
            training.schedule = torch.optim.lr_scheduler.LambdaLR(training.optimizer, training.Rate, last_epoch: (int)training.Step - 1);
            training.folder.TruncateMetrics(training.Step);
            return training;
        }
        catch
        {
            training.Dispose();
            throw;
        }
    }

    /// <summary>Trains until the last step, or until it is cancelled: then a checkpoint is written first.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the run can be resumed.</exception>
    /// <exception cref="InvalidDataException">The loss is not finite any more.</exception>
    public void Run(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        while (Step < Options.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                cancellation.ThrowIfCancellationRequested();
            }

            var loss = TrainStep();
            CheckFinite(loss);
            progress?.Report(new TrainingProgress(Step, Options.Steps, loss, Note()));
            if (Step % Options.CheckpointEvery == 0 || Step == Options.Steps) Save();
        }
    }

    /// <summary>A dictionary as it is now, for activations as the model has them; the caller owns it.</summary>
    /// <param name="name">Its name; null where there is only one.</param>
    public SparseCoder Finished(string? name = null)
    {
        var trainer = name is null && trainers.Count == 1 ? trainers[0] : trainers.Find(t => t.Spec.Name == name);
        return trainer?.Finished() ?? throw new ArgumentException(
            $"no dictionary '{name}' is trained here; there are "
                + $"{string.Join(", ", trainers.Select(t => t.Spec.Name))}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var trainer in trainers) trainer.Dispose();
        buffer.Dispose();
        optimizer.Dispose();
        generator.Dispose();
    }

    /// <summary>What is no number never becomes one again, and must not replace a checkpoint.</summary>
    private void CheckFinite(double loss)
    {
        if (!double.IsFinite(loss))
            throw new InvalidDataException($"the loss of step {Step} is {loss}: the training has diverged; use a lower "
                + $"learning rate than {Options.LearningRate}, or activations without infinities");
    }

    private IEnumerable<(string Name, Tensor Tensor)> State =>
        [.. trainers.SelectMany(trainer => trainer.State), .. buffer.State];

    /// <summary>The factor of the learning rate at a step: up in a line, then 1, then down to 0 in a line.</summary>
    private double Rate(int step)
    {
        var up = Options.WarmUpSteps > 0 ? Math.Min((step + 1.0) / Options.WarmUpSteps, 1) : 1;
        var down = Options.DecaySteps > 0 ? Math.Min((double)(Options.Steps - step) / Options.DecaySteps, 1) : 1;
        return Math.Min(up, Math.Max(down, 0));
    }

    /// <summary>One step, without a checkpoint: what <see cref="Run"/> repeats.</summary>
    /// <returns>The sum of the dictionaries' losses.</returns>
    public double TrainStep()
    {
        using var scope = torch.NewDisposeScope();
        using var gradients = torch.enable_grad();
        if (!started) trainers.ForEach(trainer => trainer.Start(buffer));
        started = true;
        var batch = buffer.Next();
        var sparsity = Options.SparsityWarmUpSteps > 0 ? Math.Min((Step + 1.0) / Options.SparsityWarmUpSteps, 1) : 1;
        var rate = optimizer.ParamGroups.Single().LearningRate;
        var losses = trainers.ConvertAll(trainer => trainer.Step(batch, sparsity));
        optimizer.step();
        schedule.step();
        Step++;
        if (Options.UnitNormDecoder) trainers.ForEach(trainer => DecoderConstraint.Normalize(trainer.Dictionary));
        var resampled = Step % Math.Max(Options.ResampleEvery, 1) == 0 && Options.ResampleEvery > 0 ? Resample(losses)
            : new long[trainers.Count];
        if (Step % Options.MeasureEvery == 0 || Step == Options.Steps) Measure(losses, resampled, rate);
        return losses.Sum(loss => loss.Done.Total.ToDouble());
    }

    /// <summary>Features that have not fired for half the time between resamplings, as in the paper.</summary>
    private long[] Resample(List<(TrainingStep Done, Tensor Input, Tensor Target)> losses)
    {
        var (counts, first) = (new long[trainers.Count], 0);
        for (var i = 0; i < trainers.Count; i++)
        {
            if (trainers[i].Dead(Math.Max(Options.ResampleEvery / 2, 1)) is { } dead)
            {
                counts[i] = Resampling.Resample(trainers[i].Dictionary, losses[i].Input, losses[i].Done.Output, dead,
                    generator, optimizer, first);
                trainers[i].Revived(dead);
            }

            first += trainers[i].Dictionary.Parameters.Count();
        }

        return counts;
    }

    private void Measure(List<(TrainingStep Done, Tensor Input, Tensor Target)> losses, long[] resampled, double rate)
    {
        last = [.. trainers.Select((trainer, i) =>
            trainer.Measure(Step, losses[i].Done, losses[i].Target, resampled[i], rate))];
        foreach (var line in last) folder.Append(line);
    }

    private string Note() => string.Join("; ", last.Select(m =>
        $"{(last.Count > 1 ? m.Dictionary + ": " : "")}L0 {m.L0:F1}, explained {m.ExplainedVariance:F3}, dead "
            + $"{m.Dead}"));

    private void Save()
    {
        Checkpoint.Save(folder.CheckpointPath(Step), Step, State, optimizer, generator);
        folder.KeepNewest(KeptCheckpoints);
    }
}
