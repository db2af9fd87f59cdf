namespace Interp.Torch.Optim;

/// <summary>
/// Changes parameters so that a loss falls, from the gradients that <see cref="Tensor.backward"/> left in
/// them.
/// </summary>
/// <remarks>
/// <code>
/// using var optimizer = new AdamW([weight, bias], new AdamWOptions { LearningRate = 1e-3 });
/// for (var step = 0; step &lt; 100; step++)
/// {
///     using var scope = torch.NewDisposeScope();
///     optimizer.zero_grad();
///     F.mse_loss(F.linear(x, weight, bias), y).backward();
///     optimizer.step();
/// }
/// </code>
/// The optimizer owns its running means, not the parameters.
/// </remarks>
public abstract class Optimizer : IDisposable
{
    private readonly List<ParameterGroup> groups = [];
    private readonly Dictionary<Tensor, ParameterState> states = [];

    private protected Optimizer(IEnumerable<Tensor> parameters, OptimizerOptions options) =>
        add_param_group(parameters, options);

    /// <summary>The groups of parameters, each with its own options.</summary>
    public IReadOnlyList<ParameterGroup> Groups => groups;

    private IEnumerable<Tensor> Parameters => groups.SelectMany(group => group.Parameters);

    /// <summary>Adds parameters with options of their own.</summary>
    /// <exception cref="ArgumentException">
    /// There are none, one is there already, or one is no leaf of real floats; or the options are another optimizer's.
    /// </exception>
    public ParameterGroup add_param_group(IEnumerable<Tensor> parameters, OptimizerOptions options)
    {
        Tensor[] list = [.. parameters];
        if (list.Length == 0) throw new ArgumentException("an optimizer needs at least one parameter");
        var known = Parameters.Select(parameter => parameter.Handle).ToHashSet();
        for (var k = 0; k < list.Length; k++)
        {
            if (!known.Add(list[k].Handle)) throw new ArgumentException($"parameter {k} is already optimized");
            if (!list[k].is_leaf)
                throw new ArgumentException($"parameter {k} was computed from others; only leaves can be optimized");
            if (!list[k].dtype.IsFloatingPoint())
                throw new ArgumentException(
                    $"parameter {k} is of type {list[k].dtype.TorchName()}; " +
                    "only real floating-point tensors can be optimized");
        }
        if (groups.Count > 0 && options.GetType() != groups[0].Options.GetType())
            throw new ArgumentException(
                $"{GetType().Name} takes {groups[0].Options.GetType().Name}, not {options.GetType().Name}");
        var group = new ParameterGroup(list, options);
        groups.Add(group);
        return group;
    }

    /// <summary>Changes every parameter that has a gradient, by one step.</summary>
    public void step()
    {
        using var noGrad = torch.no_grad();
        foreach (var group in groups)
            foreach (var parameter in group.Parameters)
                using (var grad = parameter.grad)
                    if (grad is not null) Update(parameter, grad, group.Options);
    }

    /// <summary>Forgets the gradients, so that the next backward pass starts anew.</summary>
    /// <param name="setToNone">Frees them; false keeps the memory and fills it with zeros.</param>
    public void zero_grad(bool setToNone = true)
    {
        foreach (var parameter in Parameters)
        {
            if (setToNone) parameter.grad = null;
            else ZeroInPlace(parameter);
        }
    }

    /// <summary>What the optimizer remembers; see <see cref="OptimizerState"/> for the names.</summary>
    public OptimizerState state_dict()
    {
        var tensors = new Dictionary<string, Tensor>();
        var numbers = new Dictionary<string, double>();
        var index = 0;
        foreach (var parameter in Parameters)
        {
            if (states.TryGetValue(parameter, out var state))
            {
                numbers[$"state.{index}.step"] = state.Step;
                foreach (var (name, tensor) in state.Tensors) tensors[$"state.{index}.{name}"] = tensor;
            }
            index++;
        }
        for (var k = 0; k < groups.Count; k++)
        {
            foreach (var (name, value) in groups[k].Options.Numbers()) numbers[$"param_groups.{k}.{name}"] = value;
            numbers[$"param_groups.{k}.initial_lr"] = groups[k].InitialLearningRate;
        }
        return new OptimizerState(tensors, numbers);
    }

    /// <summary>Goes on from a saved state; the tensors are copied to the parameters' devices.</summary>
    /// <exception cref="ArgumentException">The state is of other parameters or of another optimizer;
    /// nothing was changed.</exception>
    public void load_state_dict(OptimizerState state) => StateLoader.Load(state, groups, states, StateNames);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var state in states.Values) state.Dispose();
        states.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>The names of the tensors that the state of a parameter can have.</summary>
    private protected abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>Changes one parameter; gradients are not recorded.</summary>
    private protected abstract void Update(Tensor parameter, Tensor grad, OptimizerOptions options);

    private protected ParameterState StateOf(Tensor parameter)
    {
        if (!states.TryGetValue(parameter, out var state)) states[parameter] = state = new ParameterState();
        return state;
    }

    private static void ZeroInPlace(Tensor parameter)
    {
        using var noGrad = torch.no_grad();
        using var grad = parameter.grad;
        if (grad is null) return;
        // A gradient with a history of its own (createGraph) would drag the old graph along.
        if (grad.is_leaf)
        {
            grad.zero_();
            return;
        }
        using var fresh = torch.zeros_like(grad);
        parameter.grad = fresh;
    }
}
