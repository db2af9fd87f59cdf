using System.Diagnostics;
using Interp.Torch.Engine;

namespace Interp.Torch;

/// <summary>A libtorch tensor: an n-dimensional array that may lie on a GPU and may carry gradients.</summary>
/// <remarks>
/// Methods have PyTorch's names and meanings. A tensor belongs to the <see cref="DisposeScope"/> that was open when
/// it was made, or to whoever holds it; <see cref="Dispose"/> frees it at once, the finalizer is only a safety net.
/// Views (<c>view</c>, <c>transpose</c>, slices) share memory with their base and keep it alive.
/// </remarks>
[DebuggerDisplay("{Summary,nq}")]
public sealed partial class Tensor : IDisposable
{
    private static long totalCount;

    internal DisposeScope? scope;
    internal int scopeIndex;
    private nint handle;

    /// <param name="handle">A handle of the engine whose reference the tensor takes over.</param>
    internal Tensor(nint handle)
    {
        this.handle = handle;
        Interlocked.Increment(ref totalCount);
        DisposeScope.Current?.Add(this);
    }

    /// <summary>Frees what was never disposed.</summary>
    ~Tensor() => Free();

    /// <summary>The number of tensors that are alive in the process.</summary>
    public static long TotalCount => Interlocked.Read(ref totalCount);

    /// <summary>Whether the tensor was disposed.</summary>
    public bool IsDisposed => handle == 0;

    /// <summary>The engine's handle.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed.</exception>
    public nint Handle
    {
        get
        {
            if (handle == 0) ThrowDisposed();
            return handle;
        }
    }

    /// <summary>The size of every dimension.</summary>
    public long[] shape
    {
        get
        {
            var sizes = new long[torch.Engine.Dim(Handle)];
            torch.Engine.Shape(Handle, sizes);
            GC.KeepAlive(this);
            return sizes;
        }
    }

    /// <summary>The element type.</summary>
    public ScalarType dtype => Alive(torch.Engine.Dtype(Handle));

    /// <summary>Where the memory lies.</summary>
    public Device device => Alive(torch.Engine.DeviceOf(Handle));

    /// <summary>The address of the first element; valid while the tensor, or a view of it, is alive.</summary>
    public nint data_ptr => Alive(torch.Engine.Data(Handle));

    /// <summary>The number of dimensions.</summary>
    public int ndim => dim();

    /// <summary>The bytes of the elements, whatever the strides.</summary>
    public long nbytes => numel() * dtype.Size();

    /// <summary>Address and bytes of the memory that this tensor is a view of.</summary>
    public (nint Data, long Bytes) storage => Alive(torch.Engine.Storage(Handle));

    /// <summary>How often the tensor's memory was changed in place; views share the counter.</summary>
    public long version => Alive(torch.Engine.VersionCounter(Handle));

    private string Summary =>
        IsDisposed ? "disposed tensor" : $"{dtype.TorchName()}[{string.Join(", ", shape)}] {device}";

    /// <summary>The number of dimensions.</summary>
    public int dim() => Alive(torch.Engine.Dim(Handle));

    /// <summary>The number of elements.</summary>
    public long numel() => Alive(torch.Engine.Numel(Handle));

    /// <summary>The size of one dimension; negative ones count from the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public long size(int dim)
    {
        var count = torch.Engine.Dim(Handle);
        var index = dim < 0 ? dim + count : dim;
        if ((uint)index >= (uint)count)
            throw new ArgumentOutOfRangeException(nameof(dim), dim,
                $"a tensor of {count} dimensions has no such dimension");
        Span<long> sizes = stackalloc long[count];
        torch.Engine.Shape(Handle, sizes);
        GC.KeepAlive(this);
        return sizes[index];
    }

    /// <summary>The distance in elements between neighbours along every dimension.</summary>
    public long[] stride()
    {
        var strides = new long[torch.Engine.Dim(Handle)];
        torch.Engine.Strides(Handle, strides);
        GC.KeepAlive(this);
        return strides;
    }

    /// <summary>Whether the elements lie in row-major order without gaps.</summary>
    public bool is_contiguous() => Alive(torch.Engine.IsContiguous(Handle));

    /// <summary>Whether this and another tensor lie in the same memory.</summary>
    public bool shares_storage_with(Tensor other) => storage.Data == other.storage.Data && storage.Bytes > 0;

    /// <summary>Makes the outer scope, or nobody, the owner; see <see cref="DisposeScope"/>.</summary>
    public Tensor MoveToOuterDisposeScope()
    {
        scope?.MoveToOuter(this);
        return this;
    }

    /// <summary>Takes the tensor out of every scope: whoever holds it disposes it.</summary>
    public Tensor DetachFromDisposeScope()
    {
        scope?.Remove(this);
        return this;
    }

    /// <summary>Makes a scope of this thread the owner; null for nobody.</summary>
    public Tensor MoveToDisposeScope(DisposeScope? owner)
    {
        scope?.Remove(this);
        owner?.Add(this);
        return this;
    }

    /// <summary>A second tensor object over the same native tensor, with a life of its own.</summary>
    public Tensor Share()
    {
        torch.Engine.Retain(Handle);
        return Alive(new Tensor(handle));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (handle == 0) return;
        scope?.Forget(this);
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Shape, type and, for small tensors, the values.</summary>
    public override string ToString() => IsDisposed ? Summary : TensorPrinter.Print(this);

    internal static Tensor? WrapOrNull(nint handle) => handle == 0 ? null : new Tensor(handle);

    /// <summary>
    /// Passes a result on. The tensor is in use until here: without it the finalizer may free the native tensor
    /// during the call that made the result.
    /// </summary>
    private T Alive<T>(T result)
    {
        GC.KeepAlive(this);
        return result;
    }

    private static void ThrowDisposed() =>
        throw new ObjectDisposedException(nameof(Tensor),
            "the tensor was disposed; if a DisposeScope owned it, move it out with MoveToOuterDisposeScope()");

    private void Free()
    {
        var freed = Interlocked.Exchange(ref handle, 0);
        if (freed == 0) return;
        Interlocked.Decrement(ref totalCount);
        torch.Engine.Release(freed);
    }
}
