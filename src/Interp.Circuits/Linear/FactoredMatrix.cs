using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Linear;

/// <summary>A matrix of low rank as the product of a tall factor and a wide one, A · B, that is never formed.</summary>
/// <remarks>
/// Problem: what a head does is a matrix such as W_V W_O, d_model × d_model or, through the embeddings, vocabulary ×
/// vocabulary, but its rank is d_head: the matrix holds hundreds of times the numbers that determine it. Idea: keep the
/// factors, and do with them what is asked of the product: the same algebra at a fraction of cost and memory (Elhage et
/// al. 2021; TransformerLens's FactoredMatrix).
/// <code>
/// var ov = model.OV(1, 4);                       // d_model × d_model of rank d_head
/// var copying = model.W_E * ov * model.W_U;      // vocabulary × vocabulary, still of rank d_head
/// var values = copying.Eigenvalues();            // d_head of them; all others are zero
/// </code>
/// Leading dimensions are batches. Vectors are rows and stand on the left, as in the model: x · A · B. Tensors that it
/// makes belong to the open DisposeScope.
/// </remarks>
public sealed partial class FactoredMatrix
{
    /// <param name="a">The left factor [.., left, inner].</param>
    /// <param name="b">
    /// The right factor [.., inner, right]; leading dimensions broadcast with those of the left.
    /// </param>
    /// <exception cref="ArgumentException">The factors do not fit.</exception>
    public FactoredMatrix(Tensor a, Tensor b)
    {
        if (a.dim() < 2 || b.dim() < 2 || a.size(-1) != b.size(-2))
            throw new ArgumentException(
                $"factors [{Sizes(a)}] and [{Sizes(b)}] have no product; needed are [.., left, inner] and [.., " +
                "inner, right]");
        var leading = Broadcast(a.shape[..^2], b.shape[..^2]);
        A = a.expand([.. leading, a.size(-2), a.size(-1)]);
        B = b.expand([.. leading, b.size(-2), b.size(-1)]);
    }

    /// <summary>The left factor [.., left, inner].</summary>
    public Tensor A { get; }

    /// <summary>The right factor [.., inner, right].</summary>
    public Tensor B { get; }

    /// <summary>The shape of the product [.., left, right].</summary>
    public long[] Shape => [.. A.shape[..^1], B.size(-1)];

    /// <summary>The number of dimensions of the product.</summary>
    public int Dim => (int)A.dim();

    /// <summary>Rows of the product.</summary>
    public long LeftDim => A.size(-2);

    /// <summary>
    /// Columns of the left factor and rows of the right one: the highest rank that the product can have.
    /// </summary>
    public long InnerDim => A.size(-1);

    /// <summary>Columns of the product.</summary>
    public long RightDim => B.size(-1);

    /// <summary>The product itself, formed.</summary>
    public Tensor AB => A.MatMul(B);

    /// <summary>
    /// The small product the other way round [.., inner, inner], which has the same eigenvalues but for zeros.
    /// </summary>
    /// <exception cref="InvalidOperationException">The product is not square.</exception>
    public Tensor BA => LeftDim == RightDim
        ? B.MatMul(A)
        : throw new InvalidOperationException($"B · A needs a square product, and this is {LeftDim} × {RightDim}");

    /// <summary>The transposed matrix, Bᵀ · Aᵀ.</summary>
    public FactoredMatrix T => new(B.mT, A.mT);

    /// <summary>
    /// A part: batches first, then rows, then columns, as for a tensor; one row or column stays a matrix of one.
    /// </summary>
    public FactoredMatrix this[params ReadOnlySpan<TensorIndex> indices]
    {
        get
        {
            var leading = Math.Min(indices.Length, Dim - 2);
            if (indices.Length > Dim)
                throw new ArgumentException($"{indices.Length} indices for a factored matrix of {Dim} dimensions");
            var (a, b) = (A[indices[..leading].ToArray()], B[indices[..leading].ToArray()]);
            if (indices.Length > Dim - 2) a = Rows(a, indices[Dim - 2]);
            if (indices.Length == Dim) b = Rows(b.mT, indices[Dim - 1]).mT;
            return new FactoredMatrix(a, b);
        }
    }

    /// <summary>The two factors.</summary>
    public void Deconstruct(out Tensor a, out Tensor b) => (a, b) = (A, B);

    /// <summary>With one more batch dimension of size 1.</summary>
    /// <param name="dim">Where, among the batch dimensions; 0 for the first.</param>
    public FactoredMatrix Unsqueeze(int dim) =>
        dim >= 0 && dim <= Dim - 2
            ? new(A.unsqueeze(dim), B.unsqueeze(dim))
            : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"there are {Dim - 2} batch dimensions");

    /// <summary>The upper left corner of the product [.., k, k], for a look at it.</summary>
    public Tensor Corner(long k = 3) =>
        A.narrow(-2, 0, Math.Min(k, LeftDim)).MatMul(B.narrow(-1, 0, Math.Min(k, RightDim)));

    /// <inheritdoc/>
    public override string ToString() => $"factored matrix [{string.Join(", ", Shape)}] of rank at most {InnerDim}";

    internal static string Sizes(Tensor tensor) => string.Join(", ", tensor.shape);

    private static Tensor Rows(Tensor matrix, TensorIndex index)
    {
        var rows = matrix[TensorIndex.Ellipsis, index, TensorIndex.Colon];
        return rows.dim() == matrix.dim() ? rows : rows.unsqueeze(-2);
    }

    private static long[] Broadcast(long[] a, long[] b)
    {
        var result = new long[Math.Max(a.Length, b.Length)];
        for (var k = 1; k <= result.Length; k++)
        {
            var (x, y) = (k <= a.Length ? a[^k] : 1, k <= b.Length ? b[^k] : 1);
            if (x != y && x != 1 && y != 1)
                throw new ArgumentException(
                    $"batches [{string.Join(", ", a)}] and [{string.Join(", ", b)}] of the factors do not go together");
            result[^k] = x == 1 ? y : x;
        }
        return result;
    }
}
