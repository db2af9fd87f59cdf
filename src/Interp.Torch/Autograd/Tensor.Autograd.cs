namespace Interp.Torch;

// Gradients: which tensors have them, how they are computed, who may look at them on the way.
public sealed partial class Tensor
{
    /// <summary>Whether gradients flow to the tensor.</summary>
    /// <exception cref="TorchException">Set on a tensor of integers,
    /// or off on a result of recorded operations.</exception>
    public bool requires_grad
    {
        get => Alive(torch.Engine.RequiresGrad(Handle));
        set
        {
            if (!value && !is_leaf)
                throw new TorchException(
                    "requires_grad can be turned off only for leaf tensors; use detach() for a result");
            torch.Engine.SetRequiresGrad(Handle, value);
            GC.KeepAlive(this);
        }
    }

    /// <summary>
    /// The gradient accumulated by <see cref="backward"/>, or null.
    /// Every read makes a new tensor object.
    /// </summary>
    /// <exception cref="ArgumentException">Set to a tensor of another shape, element type or device.</exception>
    public Tensor? grad
    {
        get => Alive(WrapOrNull(torch.Engine.Grad(Handle)));
        set
        {
            if (value is not null &&
                (!value.shape.AsSpan().SequenceEqual(shape) || value.dtype != dtype || value.device != device))
                throw new ArgumentException($"a gradient {value.Summary} does not go with the tensor {Summary}");
            torch.Engine.SetGrad(Handle, value?.Handle ?? 0);
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }
    }

    /// <summary>Whether no recorded operation made the tensor.</summary>
    public bool is_leaf => Alive(torch.Engine.IsLeaf(Handle));

    /// <summary>The name of the autograd node that made the tensor, or an empty string.</summary>
    public string grad_fn => Alive(torch.Engine.GradFunction(Handle));

    /// <summary>Turns gradients on or off and returns the tensor itself.</summary>
    public Tensor requires_grad_(bool on = true)
    {
        requires_grad = on;
        return this;
    }

    /// <summary>Accumulates gradients of this tensor into the leaves it was computed from.</summary>
    /// <param name="gradient">The gradient of the tensor itself; 1 for a single number where it is null.</param>
    /// <param name="retainGraph">Keeps the graph for another backward pass.</param>
    /// <param name="createGraph">Records the backward pass itself, for second derivatives; keeps the graph too.</param>
    public void backward(Tensor? gradient = null, bool retainGraph = false, bool createGraph = false)
    {
        torch.Engine.Backward([Handle], [gradient?.Handle ?? 0], retainGraph || createGraph, createGraph);
        GC.KeepAlive(this);
        GC.KeepAlive(gradient);
    }

    /// <summary>
    /// Calls a function with the tensor's gradient during backward;
    /// a tensor it returns replaces the gradient.
    /// </summary>
    /// <returns>Removes the hook when disposed.</returns>
    public IDisposable register_hook(Func<Tensor, Tensor?> hook)
    {
        var position = torch.Engine.RegisterHook(Handle, handle =>
        {
            using var scope = torch.NewDisposeScope();
            var result = hook(new Tensor(handle));
            if (result is null) return 0;
            torch.Engine.Retain(result.Handle);
            return result.Handle;
        });
        return new HookRemover(this, position);
    }

    private sealed class HookRemover(Tensor tensor, int position) : IDisposable
    {
        private Tensor? tensor = tensor;

        public void Dispose()
        {
            if (tensor is { IsDisposed: false }) torch.Engine.RemoveHook(tensor.Handle, position);
            tensor = null;
        }
    }
}
