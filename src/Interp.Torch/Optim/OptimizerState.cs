namespace Interp.Torch.Optim;

/// <summary>
/// Everything an optimizer needs to go on as if it had never stopped:
/// named tensors and named numbers.
/// </summary>
/// <remarks>
/// Parameters are counted through all groups. Tensors are named <c>state.3.exp_avg</c>, numbers <c>state.3.step</c>,
/// <c>param_groups.0.lr</c> and <c>param_groups.0.initial_lr</c>. A safetensors file holds the tensors, and its
/// metadata the numbers, written with all digits (<c>value.ToString("R")</c>).
/// </remarks>
/// <param name="Tensors">Tensors by name. From an optimizer: its own, not copies; the next step changes them.</param>
/// <param name="Numbers">Numbers by name.</param>
public sealed record OptimizerState(IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string,
    double> Numbers);
