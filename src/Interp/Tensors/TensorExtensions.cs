using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interp.Tensors.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>What reads well and TorchSharp's tensors lack.</summary>
public static class TensorExtensions
{
    private static readonly Operator ScatterReduce = new("aten::scatter_reduce", "two");
    private static readonly Operator IndexPut = new("aten::index_put");
    private static readonly Operator ResolveConjugate = new("aten::resolve_conj");
    private static readonly Operator ResolveNegative = new("aten::resolve_neg");

    extension(Tensor tensor)
    {
        /// <summary>Element type, shape and device in a few characters, for messages.</summary>
        public string Summary =>
            tensor.IsInvalid ? "disposed tensor" : $"{tensor.dtype.TorchName()}[{string.Join(", ", tensor.shape)}] {tensor.device}";

        /// <summary>Whether another tensor lies on the same device. TorchSharp's devices are equal only to themselves.</summary>
        public bool IsWhere(Tensor other) =>
            tensor.device_type == other.device_type && tensor.device_index == other.device_index;

        /// <summary>The bytes of the elements, whatever the strides.</summary>
        public long nbytes => tensor.numel() * tensor.ElementSize;

        /// <summary>The address of the first element; valid while the tensor, or a view of it, is alive.</summary>
        public nint DataPointer
        {
            get
            {
                StableInterface.Check(StableInterface.DataPointer(tensor.Handle, out var pointer), "data_ptr");
                GC.KeepAlive(tensor);
                return pointer;
            }
        }

        /// <summary>All elements in row-major order, copied.</summary>
        /// <typeparam name="T">The managed type of the element type exactly: float for float32, long for int64 …</typeparam>
        /// <exception cref="ArgumentException">The element type is another one.</exception>
        public T[] ToArray<T>() where T : unmanaged
        {
            if (ElementTypes.Of<T>() != tensor.dtype)
                throw new ArgumentException(
                    $"a tensor of {tensor.dtype.TorchName()} holds no {typeof(T).Name}; convert it first with to(ScalarType.{ElementTypes.Of<T>()})");
            var elements = new T[tensor.numel()];
            tensor.CopyTo(MemoryMarshal.AsBytes(elements.AsSpan()));
            return elements;
        }

        /// <summary>The bytes of all elements in row-major order, copied into a buffer of exactly that size.</summary>
        /// <exception cref="ArgumentException">The buffer has another size.</exception>
        public unsafe void CopyTo(Span<byte> buffer)
        {
            if (buffer.Length != tensor.nbytes)
                throw new ArgumentException($"the buffer has {buffer.Length} bytes, the tensor {tensor.nbytes}");
            if (buffer.Length == 0) return;
            using var scope = torch.NewDisposeScope();
            var plain = tensor.detach().cpu();
            // Conjugates and their imaginary parts are marks on the tensor until somebody needs the numbers.
            if (plain.is_complex() || plain.is_neg()) plain = ResolveNegative.Call(ResolveConjugate.Call(plain));
            var dense = plain.contiguous();
            new ReadOnlySpan<byte>((void*)dense.DataPointer, buffer.Length).CopyTo(buffer);
        }

        /// <summary>A second tensor object over the same native tensor, with a life of its own.</summary>
        public Tensor Share()
        {
            StableInterface.Check(StableInterface.NewHandle(tensor.Handle, out var copy), "sharing a tensor");
            GC.KeepAlive(tensor);
            return Tensor.UnsafeCreateTensor(copy);
        }

        /// <summary>Address and bytes of the memory that the tensor is a view of; views of one tensor share it.</summary>
        public (nint Start, long Bytes) Memory
        {
            get
            {
                StableInterface.Check(StableInterface.StorageBytes(tensor.Handle, out var bytes), "storage size");
                var start = tensor.DataPointer - (nint)(tensor.storage_offset() * tensor.ElementSize);
                return (start, bytes);
            }
        }

        /// <summary>Whether this and another tensor lie in the same memory.</summary>
        public bool SharesMemoryWith(Tensor other) => tensor.Memory.Bytes > 0 && tensor.Memory.Start == other.Memory.Start;

        /// <summary>The scope that disposes the tensor, or null.</summary>
        public DisposeScope? Scope => OwningScope(tensor);

        /// <summary>Makes a scope of this thread the owner; null for nobody.</summary>
        public Tensor MoveToDisposeScope(DisposeScope? owner)
        {
            tensor.DetachFromDisposeScope();
            owner?.Attach(tensor);
            return tensor;
        }

        /// <summary>Overwrites the elements that an index names, as <c>x[mask] = 0</c> does in Python.</summary>
        public Tensor fill_(Scalar value, params TensorIndex[] indices)
        {
            using var number = torch.full([], value, tensor.dtype, tensor.device);
            tensor[indices] = number;
            return tensor;
        }

        /// <summary>A view with one dimension split into several, the opposite of <c>flatten</c>.</summary>
        /// <param name="dim">The dimension; negative ones count from the end, which TorchSharp's unflatten refuses.</param>
        /// <param name="sizes">What it becomes; their product is its size.</param>
        public Tensor SplitDimension(int dim, params long[] sizes)
        {
            var before = tensor.shape;
            var at = dim < 0 ? dim + before.Length : dim;
            return tensor.view([.. before[..at], .. sizes, .. before[(at + 1)..]]);
        }

        /// <summary>The Gaussian error linear unit, exactly (<c>none</c>) or with PyTorch's approximation <c>tanh</c>.</summary>
        /// <exception cref="ArgumentException">The approximation has another name.</exception>
        public Tensor gelu(string approximate) => approximate switch
        {
            "none" => tensor.gelu(),
            "tanh" => tensor.gelu(GELU.Approximate.tanh),
            _ => throw new ArgumentException($"gelu: no approximation '{approximate}'; there are none and tanh"),
        };

        /// <summary>The largest element along one dimension.</summary>
        public Tensor amax(long dim, bool keepdim = false) => tensor.amax([dim], keepdim);

        /// <summary>The smallest element along one dimension.</summary>
        public Tensor amin(long dim, bool keepdim = false) => tensor.amin([dim], keepdim);

        /// <summary>The 2-norm over some dimensions.</summary>
        public Tensor norm(long[] dimensions, bool keepdim = false) => torch.linalg.vector_norm(tensor, 2, dimensions, keepdim);

        /// <summary>A view with one dimension moved to another place.</summary>
        public Tensor movedim(long source, long destination) => tensor.movedim([source], [destination]);

        /// <summary>Overwrites the main diagonal of a matrix, in place.</summary>
        public Tensor fill_diagonal_(Scalar value)
        {
            tensor.diagonal().fill_(value);
            return tensor;
        }

        /// <summary>The mean over one dimension.</summary>
        public Tensor mean(long dim, bool keepdim = false) => tensor.mean([dim], keepdim);

        /// <summary>A copy with the source's rows added at the places an index lists.</summary>
        public Tensor index_add(long dim, Tensor index, Tensor source) => tensor.index_add(dim, index, source, 1);

        /// <summary>The source's rows added at the places an index lists, in place.</summary>
        public Tensor index_add_(long dim, Tensor index, Tensor source) => tensor.index_add_(dim, index, source, 1);

        /// <summary>
        /// A copy joined with the source at the places an index lists, by <c>"sum"</c>, <c>"prod"</c>, <c>"mean"</c>,
        /// <c>"amax"</c> or <c>"amin"</c>.
        /// </summary>
        public Tensor scatter_reduce(long dim, Tensor index, Tensor source, string reduce, bool includeSelf = true) =>
            ScatterReduce.Call(tensor, dim, index, source, reduce, includeSelf);

        /// <summary>A copy with values at positions that tensors list, one tensor a dimension, null for all of one.</summary>
        public Tensor index_put(Tensor?[] positions, Tensor values, bool accumulate = false) =>
            IndexPut.Call(tensor, OperatorArgument.Maybe(positions), values, accumulate);
    }

    /// <summary>TorchSharp 0.107 keeps the owner to itself.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_OwningDisposeScope")]
    private static extern DisposeScope? OwningScope(Tensor tensor);
}
