namespace Interp.Torch;

/// <summary>
/// Owns the tensors made on this thread while it is open, and frees them when it is disposed.
/// </summary>
/// <remarks>
/// Problem: a tensor's memory is outside the garbage collector's sight, so every intermediate needs an owner.
/// Idea: open a scope around the work, and move out what shall live on.
/// <code>
/// using var scope = torch.NewDisposeScope();
/// var y = (x * 2).relu().sum();
/// return y.MoveToOuterDisposeScope();
/// </code>
/// Scopes nest; each belongs to the thread that opened it.
/// </remarks>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic] private static DisposeScope? current;

    private readonly DisposeScope? outer;
    private readonly List<Tensor> tensors = [];
    private readonly int thread = Environment.CurrentManagedThreadId;
    private bool disposed;

    internal DisposeScope()
    {
        outer = current;
        current = this;
    }

    /// <summary>The innermost open scope of this thread.</summary>
    public static DisposeScope? Current => current;

    /// <summary>The number of tensors that the scope owns.</summary>
    public int Count => tensors.Count;

    /// <summary>The scope that was open when this one was opened.</summary>
    public DisposeScope? Outer => outer;

    /// <summary>Whether the scope owns a tensor.</summary>
    public bool Owns(Tensor tensor) => tensor.scope == this;

    /// <summary>Keeps a tensor alive beyond this scope: the outer scope, if any, owns it from now on.</summary>
    public Tensor MoveToOuter(Tensor tensor)
    {
        if (tensor.scope == this)
        {
            Remove(tensor);
            outer?.Add(tensor);
        }
        return tensor;
    }

    /// <summary>Frees every tensor of the scope now; the scope stays open.</summary>
    public void DisposeEverything()
    {
        foreach (var tensor in tensors)
        {
            tensor.scope = null;
            tensor.Dispose();
        }
        tensors.Clear();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Another scope is open inside, or the thread is another.</exception>
    public void Dispose()
    {
        if (disposed) return;
        if (current != this)
            throw new InvalidOperationException(
                "a DisposeScope must be disposed on the thread that opened it, and after the scopes opened inside it");
        disposed = true;
        current = outer;
        DisposeEverything();
    }

    /// <summary>A tensor that another thread disposed stays on the list, empty, until the scope ends.</summary>
    internal void Forget(Tensor tensor)
    {
        if (Environment.CurrentManagedThreadId == thread) Remove(tensor);
    }

    internal void Add(Tensor tensor)
    {
        tensor.scope = this;
        tensor.scopeIndex = tensors.Count;
        tensors.Add(tensor);
    }

    internal void Remove(Tensor tensor)
    {
        CheckThread();
        // The last one takes the free place, so that removal costs the same however many there are.
        var last = tensors[^1];
        tensors[tensor.scopeIndex] = last;
        last.scopeIndex = tensor.scopeIndex;
        tensors.RemoveAt(tensors.Count - 1);
        tensor.scope = null;
    }

    private void CheckThread()
    {
        if (Environment.CurrentManagedThreadId != thread)
            throw new InvalidOperationException(
                "the DisposeScope that owns the tensor belongs to another thread; move or detach the tensor there");
    }
}
