using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>The operators that end the process in TorchSharp 0.107 when their arguments do not fit, with checks in front.</summary>
/// <remarks>
/// <c>matmul</c>, <c>cummax</c> and <c>cummin</c> let C++ exceptions out of native code, which no <c>catch</c> sees. For
/// <c>autograd.grad</c> see <see cref="Gradients"/>. Notebook cells and lab files are rewritten to call these.
/// </remarks>
public static class GuardedOperators
{
    extension(Tensor tensor)
    {
        /// <summary>The matrix product of the last two dimensions, with the others broadcast, as <c>matmul</c>.</summary>
        /// <param name="other">[…, n, p] for a tensor [… , m, n]; either may be a vector.</param>
        /// <exception cref="ArgumentException">Shapes, element types or devices do not fit.</exception>
        public Tensor MatMul(Tensor other)
        {
            CheckProduct(tensor, other);
            return tensor.matmul(other);
        }

        /// <summary>The sum over one dimension: <c>x.sum(0)</c> with the literal 0 would be the sum of everything, as an element type.</summary>
        public Tensor Sum(long dim, bool keepdim = false) => tensor.sum(dim, keepdim);

        /// <summary>The product over one dimension; as <c>Sum</c>.</summary>
        public Tensor Prod(long dim, bool keepdim = false) => tensor.prod(dim, keepdim);

        /// <summary>Accumulates gradients into the leaves; exceptions of hooks and custom functions come out of it.</summary>
        public void Backward() => Gradients.Backward(tensor);

        /// <summary>The running maximum along a dimension and where it is.</summary>
        /// <exception cref="ArgumentException">There is no such dimension, or the elements are complex.</exception>
        public (Tensor Values, Tensor Indices) CumMax(long dim)
        {
            CheckScan("cummax", tensor, dim);
            return tensor.cummax(dim);
        }

        /// <summary>The running minimum along a dimension and where it is.</summary>
        /// <exception cref="ArgumentException">There is no such dimension, or the elements are complex.</exception>
        public (Tensor Values, Tensor Indices) CumMin(long dim)
        {
            CheckScan("cummin", tensor, dim);
            return tensor.cummin(dim);
        }
    }

    private static void CheckProduct(Tensor a, Tensor b)
    {
        CheckAlive("matmul", a);
        CheckAlive("matmul", b);
        var (left, right) = (a.dim(), b.dim());
        if (left == 0 || right == 0)
            throw Wrong(a, b, "both need at least one dimension; multiply by a number with *");
        var inner = b.size(right == 1 ? 0 : (int)right - 2);
        if (a.size((int)left - 1) != inner)
            throw Wrong(a, b, $"the last dimension of the first, {a.size((int)left - 1)}, must be the " +
                (right == 1 ? "" : "second-last ") + $"dimension of the second, {inner}");
        if (a.dtype != b.dtype) throw Wrong(a, b, "both need one element type; convert one with to(…)");
        if (a.dtype == ScalarType.Bool) throw Wrong(a, b, "there is no product of bools; convert them with to(…)");
        if (left > 2 || right > 2) CheckBatch(a, b);
        if (!a.IsWhere(b))
            throw Wrong(a, b, "both must be on one device; move one with to(…)");
    }

    private static void CheckBatch(Tensor a, Tensor b)
    {
        var (left, right) = (a.shape.SkipLast(2).Reverse(), b.shape.SkipLast(2).Reverse());
        if (left.Zip(right).Any(static pair => pair.First != pair.Second && pair.First != 1 && pair.Second != 1))
            throw Wrong(a, b, "the dimensions before the last two must be equal, or 1");
    }

    private static void CheckScan(string operation, Tensor x, long dim)
    {
        CheckAlive(operation, x);
        var dimensions = Math.Max(x.dim(), 1);
        if (dim < -dimensions || dim >= dimensions)
            throw new ArgumentException($"{operation}: dimension {dim} of {x.Summary}; there are {-dimensions} to {dimensions - 1}");
        if (x.dtype.IsComplex()) throw new ArgumentException($"{operation}: complex numbers have no order: {x.Summary}");
    }

    private static void CheckAlive(string operation, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.IsInvalid)
            throw new ObjectDisposedException(nameof(Tensor),
                $"{operation}: the tensor was disposed; if a DisposeScope owned it, move it out with MoveToOuterDisposeScope()");
    }

    private static ArgumentException Wrong(Tensor a, Tensor b, string rule) =>
        new($"matmul of {a.Summary} and {b.Summary}: {rule}");
}
