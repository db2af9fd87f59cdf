using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>TorchSharp's AdamW whose step is one kernel of libtorch over all parameters.</summary>
/// <remarks>
/// Problem: <see cref="AdamW"/> takes a dozen operators a parameter, most of a small model's step. Idea: libtorch's
/// <c>_fused_adamw_</c> reads and writes every element once. State, options, groups, schedulers and saving are those of
/// <see cref="AdamW"/> (Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization", algorithm 2):
/// <code>
/// θ ← θ − lr · λ · θ
/// m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
/// θ ← θ − lr · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)
/// </code>
/// </remarks>
public sealed class FusedAdamW : AdamW
{
    private static readonly Operator Fused = new("aten::_fused_adamw_");

    /// <param name="parameters">What is trained: real floats that require gradients.</param>
    /// <param name="lr">The learning rate; <value>0.001</value>.</param>
    /// <param name="beta1">The decay of the mean of gradients; <value>0.9</value>.</param>
    /// <param name="beta2">The decay of the mean of squares; <value>0.999</value>.</param>
    /// <param name="eps">Keeps the division finite; <value>1e-8</value>.</param>
    /// <param name="weight_decay">λ; <value>0</value>.</param>
    public FusedAdamW(IEnumerable<Tensor> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
        double eps = 1e-8, double weight_decay = 0)
        : base(parameters.Select(Trained.Parameter).ToList(), lr, beta1, beta2, eps, weight_decay)
    {
    }

    /// <summary>Changes every parameter that has a gradient.</summary>
    /// <param name="closure">Computes the loss again, for optimizers that need it; runs first where it is given.</param>
    public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure);

    /// <summary>Forgets all gradients: the next backward pass writes instead of adding.</summary>
    public override void zero_grad()
    {
        foreach (var parameter in parameters()) parameter.grad = null;
    }

    /// <summary>The running means of a parameter's gradients and their squares; changing them changes the optimizer.</summary>
    /// <param name="index">Which parameter, counted through all groups.</param>
    public IReadOnlyList<Tensor> Moments(int index)
    {
        var state = (State)state_dict().State[index];
        return [state.exp_avg, state.exp_avg_sq];
    }

    /// <summary>
    /// Frees the state. The finalizer leaves that to the tensors' own: it also runs where the constructor threw, and
    /// TorchSharp's would end the process then.
    /// </summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing) base.Dispose(disposing);
    }

    private void Step(ParamGroup group)
    {
        var options = (Options)group.Options;
        List<Tensor> values = [], gradients = [], means = [], squares = [], steps = [];
        foreach (var parameter in group.Parameters)
        {
            if (parameter.grad is not { } gradient) continue;
            var state = (State)_state[parameter.Handle];
            state.step++;
            values.Add(parameter);
            gradients.Add(gradient.stride().AsSpan().SequenceEqual(parameter.stride()) ? gradient : Like(gradient, parameter));
            means.Add(state.exp_avg);
            squares.Add(state.exp_avg_sq);
            steps.Add(tensor((float)state.step));
        }
        if (values.Count == 0) return;
        Fused.Do(values.ToArray(), gradients.ToArray(), means.ToArray(), squares.ToArray(), Array.Empty<Tensor>(), steps.ToArray(),
            options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value, options.weight_decay!.Value,
            options.eps!.Value, false, options.maximize!.Value, OperatorArgument.None, OperatorArgument.None);
    }

    /// <summary>The kernel goes through memory: all tensors of a parameter must lie the same way.</summary>
    private static Tensor Like(Tensor gradient, Tensor parameter) => empty_like(parameter).copy_(gradient);
}
