using Interp.Models;
using Interp.Tensors;
using Interp.Training;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>Trains a one-layer transformer to compute modulo p until it groks (Power et al. 2022, Nanda et al. 2023).</summary>
/// <remarks>
/// Trained on a third of all pairs with weight decay, the network first memorizes them: the training loss falls, the test
/// loss rises. Thousands of epochs later the test loss falls as well, within a short time: it has grokked.
/// <code>
/// using var training = ModularAdditionTraining.Start("runs/modadd", ModularAdditionOptions.Paper);
/// training.Run(progress: null, CancellationToken.None);
/// </code>
/// Full batch, one step an epoch; AdamW; the loss at "=" alone, in float64. The folder gets metrics, two checkpoints to
/// resume from and, evenly over the training, <see cref="ModularAdditionOptions.Snapshots"/> sets of weights.
/// </remarks>
public sealed class ModularAdditionTraining : IDisposable
{
    private const int KeptCheckpoints = 2;
    private const int TrimEvery = 500; // steps; without it the process grows by several MB a thousand steps

    private readonly RunFolder folder;
    private readonly Generator generator;
    private readonly FusedAdamW optimizer;
    private optim.lr_scheduler.LRScheduler schedule;
    private readonly PairBatch trainPairs;
    private readonly PairBatch testPairs;
    private readonly PairForward train;
    private readonly PairForward test;

    private ModularAdditionTraining(RunFolder folder, ModularAdditionOptions options, Device device)
    {
        this.folder = folder;
        Options = options.Validate();
        generator = new Generator(options.Seed, device);
        Model = ModularModel.Create(options, generator).RequireGradients();
        optimizer = new FusedAdamW(Model.Weights.Named().Select(pair => pair.Tensor), options.LearningRate,
            beta2: options.Beta2, weight_decay: options.WeightDecay);
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, RateFactor);
        var (task, split) = (options.Task(), options.Split());
        (trainPairs, testPairs) = (new PairBatch(task, split.Train, device), new PairBatch(task, split.Test, device));
        (train, test) = (new PairForward(Model, task, trainPairs), new PairForward(Model, task, testPairs));
    }

    /// <summary>The options of the run.</summary>
    public ModularAdditionOptions Options { get; }

    /// <summary>The model as it is now.</summary>
    public HookedTransformer Model { get; }

    /// <summary>Epochs done.</summary>
    public long Step { get; private set; }

    /// <summary>The bytes that the run takes on the disk at most: weights over time, and checkpoints with two moments a weight.</summary>
    public long DiskBudget => Model.ParameterCount * sizeof(float) * (Options.Epochs / Options.SnapshotEvery + 2 + 3 * (KeptCheckpoints + 1));

    /// <summary>The last measurement, or null before the first.</summary>
    public ModularAdditionMetrics? LastMetrics { get; private set; }

    /// <summary>Starts a run in a new folder.</summary>
    /// <exception cref="IOException">The folder holds a run already.</exception>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public static ModularAdditionTraining Start(string path, ModularAdditionOptions options, Device? device = null) =>
        new(RunFolder.Create(path, options.Validate()), options, device ?? torch.CPU);

    /// <summary>Goes on with a run from its newest checkpoint, to the same numbers as if it had not been stopped.</summary>
    /// <exception cref="IOException">The folder holds no run.</exception>
    public static ModularAdditionTraining Resume(string path, Device? device = null)
    {
        var (folder, options) = RunFolder.Open<ModularAdditionOptions>(path);
        // What a killed process was writing.
        foreach (var half in Directory.EnumerateFiles(path, ".*.tmp", SearchOption.AllDirectories)) File.Delete(half);
        var training = new ModularAdditionTraining(folder, options, device ?? torch.CPU);
        if (folder.NewestCheckpoint() is { } newest)
            training.Step = Checkpoint.Load(newest, training.Model.Weights.Named(), training.optimizer, training.generator);
        training.schedule = torch.optim.lr_scheduler.LambdaLR(training.optimizer, training.RateFactor, last_epoch: (int)training.Step - 1);
        // Step 0 is measured before the first checkpoint: without one the run starts over.
        folder.TruncateMetrics(training.Step == 0 ? -1 : training.Step);
        return training;
    }

    /// <summary>Trains until the last epoch, or until it is cancelled: then a checkpoint is written first.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the run can be resumed.</exception>
    public void Run(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        if (Step == 0) Record();
        while (Step < Options.Epochs)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                cancellation.ThrowIfCancellationRequested();
            }

            var loss = TrainStep();
            Record();
            progress?.Report(new TrainingProgress(Step, Options.Epochs, loss, Note()));
            if (Step % Options.CheckpointEvery == 0 || Step == Options.Epochs) Save();
        }

        if (LastMetrics is null) LastMetrics = Measure();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        train.Dispose();
        test.Dispose();
        trainPairs.Dispose();
        testPairs.Dispose();
        Model.Dispose();
        optimizer.Dispose();
        generator.Dispose();
    }

    /// <summary>One epoch; the loss is that of the weights before it.</summary>
    internal double TrainStep()
    {
        using var scope = torch.NewDisposeScope();
        optimizer.zero_grad();
        var loss = train.Loss();
        Gradients.Backward(loss);
        optimizer.step();
        schedule.step();
        Step++;
        if (Step % TrimEvery == 0) Libtorch.TrimMemory();
        return loss.ToDouble();
    }

    /// <summary>The learning rate rises in a straight line during the warm-up, then stays.</summary>
    private double RateFactor(int step) => Options.WarmUp == 0 ? 1 : Math.Min((double)step / Options.WarmUp, 1);

    /// <summary>Measures and keeps weights where it is time to.</summary>
    private void Record()
    {
        var last = Step == Options.Epochs;
        if (Step % Options.MeasureEvery == 0 || last)
        {
            LastMetrics = Measure();
            folder.Append(LastMetrics);
        }

        if (Step % Options.SnapshotEvery == 0 || last) SnapshotFolder.Save(folder.Path, Step, Model);
    }

    private ModularAdditionMetrics Measure()
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var (trainLoss, trainAccuracy) = Score(train, trainPairs);
        var (testLoss, testAccuracy) = Score(test, testPairs);
        return new ModularAdditionMetrics(Step, trainLoss, testLoss, trainAccuracy, testAccuracy, WeightSquares.Of(Model));
    }

    private static (double Loss, double Accuracy) Score(PairForward forward, PairBatch pairs)
    {
        var logits = forward.Logits();
        var right = logits.argmax(-1).eq(pairs.Labels).sum().ToInt64();
        return (PairForward.Loss(logits, pairs.Labels).ToDouble(), right / (double)pairs.Count);
    }

    private string Note() => LastMetrics is { } m ? $"test loss {m.TestLoss:0.0e+0}, accuracy {m.TestAccuracy:0.0%}" : "";

    private void Save()
    {
        Checkpoint.Save(folder.CheckpointPath(Step), Step, Model.Weights.Named(), optimizer, generator);
        folder.KeepNewest(KeptCheckpoints);
    }
}
