using Interp.Sae.Activations;
using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Training;

/// <summary>One dictionary of a training with what is counted about it.</summary>
internal sealed class DictionaryTrainer : IDisposable
{
    private const double DenseShare = 0.1;

    private readonly SaeTrainingOptions options;
    private readonly int[] inputs;
    private readonly int? target;

    // A tensor that was never scaled is 0, which no scale is.
    private readonly Tensor inputScale;
    private readonly Tensor targetScale;
    private readonly Tensor sinceFired;
    private readonly Tensor fired;
    private readonly Tensor rows;

    internal DictionaryTrainer(DictionarySpec spec, SaeTrainingOptions options, IActivationSource source, ulong seed)
    {
        (Spec, this.options) = (spec, options);
        inputs = [.. spec.Inputs.Select(hook => Find(source, hook))];
        target = spec.Target is null ? null : Find(source, spec.Target);
        CheckWidths(source);
        using (var generator = new Generator(seed, source.Device)) Dictionary = spec.Options.Create(generator);
        Dictionary.RequireGradients();
        Dictionary.ProductType = options.MixedPrecision ? ScalarType.BFloat16 : null;
        if (options.UnitNormDecoder) DecoderConstraint.Normalize(Dictionary);
        Tensor Zeros(long[] shape, ScalarType dtype) =>
            torch.zeros(shape, dtype, source.Device).DetachFromDisposeScope();
        inputScale = Zeros(spec.Options is CrosscoderOptions ? [inputs.Length] : [], ScalarType.Float32);
        targetScale = Zeros(inputScale.shape, ScalarType.Float32);
        sinceFired = Zeros([Dictionary.DSae], ScalarType.Int64);
        fired = Zeros([Dictionary.DSae], ScalarType.Float64);
        rows = Zeros([], ScalarType.Int64);
    }

    internal DictionarySpec Spec { get; }

    internal SparseCoder Dictionary { get; }

    /// <summary>Everything that a checkpoint holds of it.</summary>
    internal IEnumerable<(string Name, Tensor Tensor)> State =>
    [
        .. Dictionary.Weights.Select(pair => ($"{Spec.Name}.{pair.Name}", pair.Tensor)),
        ($"{Spec.Name}.state.input_scale", inputScale), ($"{Spec.Name}.state.target_scale", targetScale),
        ($"{Spec.Name}.state.since_fired", sinceFired), ($"{Spec.Name}.state.fired", fired),
            ($"{Spec.Name}.state.rows", rows),
    ];

    /// <summary>Estimates scales once, from the first rows.</summary>
    internal void Start(ShuffleBuffer buffer)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        if (inputScale.ne(0).all().ToBoolean()) return;
        inputScale.fill_(1);
        targetScale.fill_(1);
        if (!options.ScaleActivations) return;
        var pool = buffer.Peek();
        inputScale.copy_(torch.stack([.. inputs.Select(i => Scale(pool[i]))]).view_as(inputScale));
        targetScale.copy_(target is { } t ? Scale(pool[t]) : inputScale);
    }

    /// <summary>Computes the loss of a batch and its gradients, clipped.</summary>
    internal (TrainingStep Done, Tensor Input, Tensor Target) Step(Tensor[] batch, double sparsityScale)
    {
        var (input, wanted) = Scaled(batch);
        var done = Dictionary.Step(input, wanted, new LossContext(sparsityScale, Dead(options.DeadAfterSteps)));
        if (options.UnitNormDecoder) DecoderConstraint.ProjectGradient(Dictionary);
        Gradients.ClipNorm(Dictionary.Parameters, options.ClipNorm);
        Count(done.Fired, input.size(0));
        return (done, input, wanted);
    }

    /// <summary>Bool [d_sae]: the features that have not fired for a number of steps; null where there are
    /// none.</summary>
    internal Tensor? Dead(int steps)
    {
        var dead = sinceFired.ge(steps);
        return dead.any().ToBoolean() ? dead : null;
    }

    /// <summary>Features that were resampled start to be counted anew.</summary>
    internal void Revived(Tensor dead) => sinceFired.masked_fill_(dead, 0);

    internal SaeMetrics Measure(long step, TrainingStep loss, Tensor wanted, long resampled, double learningRate)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var variance = (wanted - wanted.mean(0, keepdim: true)).flatten(1).square().sum(1).mean().ToDouble();
        var dense = (fired / rows.to(ScalarType.Float64)).gt(DenseShare).sum().ToInt64();
        fired.zero_();
        rows.zero_();
        return new SaeMetrics(step, Spec.Name, loss.Total.ToDouble(), loss.Reconstruction.ToDouble(),
            loss.Sparsity.ToDouble(),
            loss.Auxiliary.ToDouble(), loss.Fired.sum().ToInt64() / (double)wanted.size(0),
            1 - (loss.Output - wanted).flatten(1).square().sum(1).mean().ToDouble() / variance,
            sinceFired.ge(options.DeadAfterSteps).sum().ToInt64(), dense, resampled, learningRate);
    }

    /// <summary>A copy for activations as the model has them.</summary>
    internal SparseCoder Finished()
    {
        var copy = Dictionary.Clone();
        copy.FoldScale(inputScale, targetScale);
        return copy;
    }

    public void Dispose()
    {
        Dictionary.Dispose();
        foreach (var tensor in new[] { inputScale, targetScale, sinceFired, fired, rows }) tensor.Dispose();
    }

    private static int Find(IActivationSource source, string hook)
    {
        for (var i = 0; i < source.Hooks.Count; i++)
            if (source.Hooks[i] == hook) return i;
        throw new ArgumentException($"the activations hold no hook '{hook}'; they hold "
            + $"{string.Join(", ", source.Hooks)}");
    }

    private static Tensor Scale(Tensor rows) => Math.Sqrt(rows.size(1)) / torch.linalg.vector_norm(rows, 2, [1]).mean();

    private void CheckWidths(IActivationSource source)
    {
        foreach (var i in inputs)
            if (source.Widths[i] != Spec.Options.DIn)
                throw new ArgumentException($"'{Spec.Name}' has d_in {Spec.Options.DIn}; {source.Hooks[i]} is "
                    + $"{source.Widths[i]} wide");
        if (target is { } t && Spec.Options is TranscoderOptions { DOut: var width } && source.Widths[t] != width)
            throw new ArgumentException($"'{Spec.Name}' has d_out {width}; {source.Hooks[t]} is {source.Widths[t]} "
                + $"wide");
    }

    private (Tensor Input, Tensor Target) Scaled(Tensor[] batch)
    {
        var input = Spec.Options is CrosscoderOptions
            ? torch.stack([.. inputs.Select(i => batch[i])], 1) * inputScale.unsqueeze(-1)
            : batch[inputs[0]] * inputScale;
        return (input, target is { } t ? batch[t] * targetScale : input);
    }

    private void Count(Tensor counts, long batch)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        sinceFired.add_(1).masked_fill_(counts.gt(0), 0);
        fired.add_(counts.to(ScalarType.Float64));
        rows.add_(batch);
    }
}
