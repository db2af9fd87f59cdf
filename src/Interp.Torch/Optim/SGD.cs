namespace Interp.Torch.Optim;

/// <summary>
/// Gradient descent, with momentum if wanted (Polyak 1964;
/// Nesterov's form as in Sutskever et al. 2013).
/// </summary>
/// <remarks>
/// With the gradient g (plus weight decay · θ):
/// <code>
/// b = g at the first step, then momentum · b + (1 − dampening) g
/// θ = θ − lr · b                        or, with Nesterov,  θ − lr · (g + momentum · b)
/// </code>
/// </remarks>
/// <param name="parameters">Leaves of real floats.</param>
/// <param name="options">Learning rate and the rest; the defaults where it is null.</param>
public sealed class SGD(IEnumerable<Tensor> parameters, SgdOptions? options = null)
    : Optimizer(parameters, options ?? new SgdOptions())
{
    private const string Direction = "momentum_buffer";

    private protected override IReadOnlyList<string> StateNames { get; } = [Direction];

    private protected override void Update(Tensor parameter, Tensor grad, OptimizerOptions options)
    {
        var sgd = (SgdOptions)options;
        var state = StateOf(parameter);
        state.Step++;
        using var turned = sgd.Maximize ? grad.neg() : null;
        using var decayed = sgd.WeightDecay != 0 ? (turned ?? grad).add(parameter, sgd.WeightDecay) : null;
        var g = decayed ?? turned ?? grad;
        if (sgd.Momentum == 0)
        {
            parameter.add_(g, -sgd.LearningRate);
            return;
        }
        var direction = state.Find(Direction)?.mul_(sgd.Momentum).add_(g, 1 - sgd.Dampening)
            ?? state.Set(Direction, g.clone());
        if (!sgd.Nesterov)
        {
            parameter.add_(direction, -sgd.LearningRate);
            return;
        }
        using var ahead = g.add(direction, sgd.Momentum);
        parameter.add_(ahead, -sgd.LearningRate);
    }
}
