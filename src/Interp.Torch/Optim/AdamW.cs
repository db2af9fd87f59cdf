namespace Interp.Torch.Optim;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
/// <remarks>
/// Every step first shrinks the parameter, θ = (1 − lr · decay) θ, and then makes the step of <see cref="Adam"/> with
/// the bare gradient: the decay is not divided by the mean square.
/// </remarks>
/// <param name="parameters">Leaves of real floats.</param>
/// <param name="options">Learning rate and the rest; the defaults where it is null.</param>
public sealed class AdamW(IEnumerable<Tensor> parameters, AdamWOptions? options = null)
    : Adam(parameters, options ?? new AdamWOptions())
{
    private protected override Tensor? Decay(Tensor parameter, Tensor grad, AdamOptions options)
    {
        if (options.WeightDecay != 0) parameter.mul_(1 - options.LearningRate * options.WeightDecay);
        return null;
    }
}
