using Interp.Torch.Engine;
using static Interp.Torch.Libtorch.Bridge;

namespace Interp.Torch.Libtorch;

public sealed unsafe partial class LibtorchEngine
{
    /// <inheritdoc/>
    public bool GradEnabled
    {
        get => it_grad_enabled() != 0;
        set => it_set_grad_enabled(value ? 1 : 0);
    }

    /// <inheritdoc/>
    public bool RequiresGrad(nint tensor) => it_requires_grad(tensor) != 0;

    /// <inheritdoc/>
    public void SetRequiresGrad(nint tensor, bool on) => Check(it_set_requires_grad(tensor, on ? 1 : 0));

    /// <inheritdoc/>
    public bool IsLeaf(nint tensor)
    {
        int leaf;
        Check(it_is_leaf(tensor, &leaf));
        return leaf != 0;
    }

    /// <inheritdoc/>
    public nint Grad(nint tensor)
    {
        nint grad;
        Check(it_grad(tensor, &grad));
        return grad;
    }

    /// <inheritdoc/>
    public void SetGrad(nint tensor, nint grad) => Check(it_set_grad(tensor, grad));

    /// <inheritdoc/>
    public string GradFunction(nint tensor)
    {
        byte* name;
        Check(it_grad_fn(tensor, &name));
        return Text(name);
    }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<nint> tensors, ReadOnlySpan<nint> grads, bool retainGraph, bool createGraph)
    {
        fixed (nint* t = tensors)
        fixed (nint* g = grads)
            Check(it_backward(t, g, tensors.Length, retainGraph ? 1 : 0, createGraph ? 1 : 0));
    }

    /// <inheritdoc/>
    public nint[] Grad(ReadOnlySpan<nint> outputs, ReadOnlySpan<nint> grads, ReadOnlySpan<nint> inputs,
        bool retainGraph,
        bool createGraph, bool allowUnused)
    {
        var results = new nint[inputs.Length];
        fixed (nint* o = outputs)
        fixed (nint* g = grads)
        fixed (nint* i = inputs)
        fixed (nint* r = results)
            Check(it_autograd_grad(o, g, outputs.Length, i, inputs.Length, retainGraph ? 1 : 0, createGraph ? 1 : 0,
                allowUnused ? 1 : 0, r));
        return results;
    }

    /// <inheritdoc/>
    public void SetHistory(ReadOnlySpan<nint> outputs, ReadOnlySpan<nint> inputs, Func<nint[], nint[]> backward,
        Action released)
    {
        fixed (nint* o = outputs)
        fixed (nint* i = inputs)
            Check(it_set_history(o, outputs.Length, i, inputs.Length, &ManagedCallbacks.Backward,
                ManagedCallbacks.Keep((backward, released)), &ManagedCallbacks.ReleaseNode));
    }

    /// <inheritdoc/>
    public int RegisterHook(nint tensor, Func<nint, nint> hook)
    {
        int position;
        Check(it_register_hook(tensor, &ManagedCallbacks.Hook, ManagedCallbacks.Keep(hook),
            &ManagedCallbacks.ReleaseState, &position));
        return position;
    }

    /// <inheritdoc/>
    public void RemoveHook(nint tensor, int hook) => Check(it_remove_hook(tensor, hook));

    /// <inheritdoc/>
    public IDisposable InferenceMode(bool on) => new InferenceGuard(it_inference_begin(on ? 1 : 0));

    private sealed class InferenceGuard(nint guard) : IDisposable
    {
        private readonly int thread = Environment.CurrentManagedThreadId;
        private nint guard = guard;

        public void Dispose()
        {
            if (guard == 0) return;
            ModeGuard.CheckThread(thread);
            it_inference_end(guard);
            guard = 0;
        }
    }
}
