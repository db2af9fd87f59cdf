using Interp.Torch.Engine;

namespace Interp.Torch.Optim;

/// <summary>Adam (Kingma and Ba 2015): steps of about the learning rate, whatever the size of the gradients.</summary>
/// <remarks>
/// With the gradient g (plus weight decay · θ) of step t:
/// <code>
/// m = β₁ m + (1 − β₁) g                  running mean
/// v = β₂ v + (1 − β₂) g²                 running mean square
/// θ = θ − lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
/// </code>
/// The order of operations is that of PyTorch 2's <c>torch.optim.Adam</c> for single tensors, so the rounding is too.
/// </remarks>
public class Adam : Optimizer
{
    private const string Mean = "exp_avg";
    private const string Square = "exp_avg_sq";
    private const string LargestSquare = "max_exp_avg_sq";

    private static readonly Operator FusedOp = Operator.Get("interp::adam_");

    /// <param name="parameters">Leaves of real floats.</param>
    /// <param name="options">Learning rate and the rest; the defaults where it is null.</param>
    public Adam(IEnumerable<Tensor> parameters, AdamOptions? options = null)
        : base(parameters, options ?? new AdamOptions()) { }

    private protected override IReadOnlyList<string> StateNames { get; } = [Mean, Square, LargestSquare];

    private protected override void Update(Tensor parameter, Tensor grad, OptimizerOptions options)
    {
        using var decayed = Decay(parameter, grad, (AdamOptions)options);
        Move(parameter, decayed ?? grad, (AdamOptions)options);
    }

    /// <summary>Applies weight decay; a gradient other than the given one is returned.</summary>
    private protected virtual Tensor? Decay(Tensor parameter, Tensor grad, AdamOptions options)
    {
        if (options.WeightDecay == 0) return null;
        // With Maximize the gradient is turned later, so the decay is turned here to be turned back.
        return grad.add(parameter, options.Maximize ? -options.WeightDecay : options.WeightDecay);
    }

    private void Move(Tensor parameter, Tensor grad, AdamOptions options)
    {
        var state = StateOf(parameter);
        state.Step++;
        var mean = state.Zeros(Mean, parameter);
        var square = state.Zeros(Square, parameter);
        using var turned = options.Maximize ? grad.neg() : null;
        var g = turned ?? grad;
        if (options.Fused && CanFuse(parameter, g, mean, square, options))
        {
            MoveAtOnce(parameter, g, mean, square, state.Step, options);
            return;
        }

        mean.lerp_(g, 1 - options.Beta1);
        square.mul_(options.Beta2).addcmul_(g, g, 1 - options.Beta2);
        if (options.AmsGrad) square = state.Set(LargestSquare, state.Zeros(LargestSquare, parameter).maximum(square));

        var correction1 = 1 - Math.Pow(options.Beta1, state.Step);
        var correction2 = 1 - Math.Pow(options.Beta2, state.Step);
        // The one temporary of a step; its memory serves the next parameter.
        using var denominator = square.sqrt();
        denominator.div_(Math.Sqrt(correction2)).add_(options.Epsilon);
        parameter.addcdiv_(mean, denominator, -(options.LearningRate / correction1));
    }

    private static bool CanFuse(Tensor parameter, Tensor grad, Tensor mean, Tensor square, AdamOptions options) =>
        !options.AmsGrad && FusedOp.Exists && parameter.device.Type == DeviceType.CPU
        && parameter.dtype is ScalarType.Float32 or ScalarType.Float64
        && Array.TrueForAll([grad, mean, square], tensor =>
            tensor.dtype == parameter.dtype && tensor.stride().AsSpan().SequenceEqual(parameter.stride()));

    private static void MoveAtOnce(Tensor parameter, Tensor grad, Tensor mean, Tensor square, long step,
        AdamOptions options) =>
        FusedOp.CallValue(parameter, grad, mean, square, options.LearningRate / (1 - Math.Pow(options.Beta1, step)),
            options.Beta1, options.Beta2, Math.Sqrt(1 - Math.Pow(options.Beta2, step)), options.Epsilon);
}
