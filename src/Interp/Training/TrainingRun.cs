using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Training;

/// <summary>
/// A training that stops and resumes: steps, measurements and checkpoints in a <see cref="RunFolder"/>. What is trained
/// on what, and what is measured, is for the classes that derive from it.
/// </summary>
/// <typeparam name="TMetrics">A measurement; a record with a property <c>Step</c>.</typeparam>
public abstract class TrainingRun<TMetrics> : IDisposable
    where TMetrics : class
{
    private const int KeptCheckpoints = 2;

    private readonly FusedAdamW optimizer;
    private optim.lr_scheduler.LRScheduler schedule;
    private readonly TrainingPlan plan;

    /// <param name="folder">Where measurements and checkpoints go.</param>
    /// <param name="plan">How long, how fast, how often.</param>
    /// <param name="model">The model, with gradients; owned by the run from now on.</param>
    /// <param name="generator">The source of random data, saved with every checkpoint; owned by the run from now on.</param>
    protected TrainingRun(RunFolder folder, TrainingPlan plan, HookedTransformer model, Generator generator)
    {
        (Folder, this.plan, Model, Generator) = (folder, plan, model, generator);
        optimizer = new FusedAdamW(model.Weights.Named().Select(pair => pair.Tensor), plan.LearningRate,
            beta2: plan.Beta2, weight_decay: plan.WeightDecay);
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, plan.RateFactor);
    }

    /// <summary>The model as it is now.</summary>
    public HookedTransformer Model { get; }

    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>Steps in all.</summary>
    public long Steps => plan.Steps;

    /// <summary>The last measurement, or null before the first.</summary>
    public TMetrics? LastMetrics { get; private set; }

    /// <summary>The folder of the run.</summary>
    protected RunFolder Folder { get; }

    /// <summary>The source of random data.</summary>
    protected Generator Generator { get; }

    /// <summary>Trains until the last step, or until it is cancelled: then a checkpoint is written first.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the run can be resumed.</exception>
    public void Run(IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        while (Step < Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                cancellation.ThrowIfCancellationRequested();
            }
            var loss = TakeStep();
            if (Step % plan.MeasureEvery == 0 || Step == Steps)
            {
                LastMetrics = Measure(loss);
                Folder.Append(LastMetrics);
            }
            progress?.Report(new TrainingProgress(Step, Steps, loss, Note()));
            if (Step % plan.CheckpointEvery == 0 || Step == Steps) Save();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        optimizer.Dispose();
        Generator.Dispose();
        OnDisposed();
        GC.SuppressFinalize(this);
    }

    /// <summary>Goes back to the newest checkpoint, if there is one, and takes back what was measured after it.</summary>
    protected void Restore()
    {
        Folder.RemoveUnfinished();
        if (Folder.NewestCheckpoint() is { } newest)
            Step = Checkpoint.Load(newest, Model.Weights.Named(), optimizer, Generator);
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, plan.RateFactor, last_epoch: (int)Step - 1);
        Folder.TruncateMetrics(Step);
        LastMetrics = Folder.LastMetrics<TMetrics>();
    }

    /// <summary>The mean loss on the data of the step that comes next, with its gradient recorded; a scalar.</summary>
    protected abstract Tensor Loss();

    /// <summary>Measures the model after a step.</summary>
    /// <param name="loss">The loss of the step.</param>
    protected abstract TMetrics Measure(double loss);

    /// <summary>What progress reports say beside the loss.</summary>
    protected virtual string Note() => "";

    /// <summary>Called when a checkpoint was written.</summary>
    protected virtual void OnSaved()
    {
    }

    /// <summary>Called when the run is disposed, to dispose what a derived class owns.</summary>
    protected virtual void OnDisposed()
    {
    }

    /// <summary>Fails unless the last step is done.</summary>
    /// <exception cref="InvalidOperationException">The training is not finished.</exception>
    protected void RequireFinished()
    {
        if (Step < Steps)
            throw new InvalidOperationException($"the training is at step {Step} of {Steps}; run it to the end before saving the model");
    }

    private double TakeStep()
    {
        using var scope = torch.NewDisposeScope();
        optimizer.zero_grad();
        var loss = Loss();
        Gradients.Backward(loss);
        Gradients.ClipNorm(optimizer.parameters(), plan.ClipNorm);
        optimizer.step();
        schedule.step();
        Step++;
        return loss.ToDouble();
    }

    private void Save()
    {
        Checkpoint.Save(Folder.CheckpointPath(Step), Step, Model.Weights.Named(), optimizer, Generator);
        Folder.KeepNewest(KeptCheckpoints);
        OnSaved();
    }
}
