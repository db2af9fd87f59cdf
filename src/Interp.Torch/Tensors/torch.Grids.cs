using Interp.Torch.Engine;

namespace Interp.Torch;

// Products of tensors, grids of indices, and what is made of blocks.
public static partial class torch
{
    private static readonly Operator TrilIndicesOp = Operator.Get("aten::tril_indices");
    private static readonly Operator TriuIndicesOp = Operator.Get("aten::triu_indices");
    private static readonly Operator KronOp = Operator.Get("aten::kron");
    private static readonly Operator TensordotOp = Operator.Get("aten::tensordot");
    private static readonly Operator BlockDiagOp = Operator.Get("aten::block_diag");
    private static readonly Operator CartesianProductOp = Operator.Get("aten::cartesian_prod");
    private static readonly Operator CombinationsOp = Operator.Get("aten::combinations");

    /// <summary>Rows and columns [2, count] of the lower triangle of a matrix.</summary>
    public static Tensor tril_indices(long rows, long columns, long offset = 0, Device? device = null) =>
        TrilIndicesOp.Call(rows, columns, offset, ScalarType.Int64, Arg.None, device);

    /// <summary>Rows and columns [2, count] of the upper triangle of a matrix.</summary>
    public static Tensor triu_indices(long rows, long columns, long offset = 0, Device? device = null) =>
        TriuIndicesOp.Call(rows, columns, offset, ScalarType.Int64, Arg.None, device);

    /// <summary>Kronecker product: every element of a times the whole of b.</summary>
    public static Tensor kron(Tensor a, Tensor b) => KronOp.Call(a, b);

    /// <summary>Sums of products over given dimensions of both tensors.</summary>
    public static Tensor tensordot(Tensor a, Tensor b, long[] dimsOfA, long[] dimsOfB) =>
        TensordotOp.Call(a, b, dimsOfA, dimsOfB);

    /// <summary>Matrices along the diagonal of a larger one.</summary>
    public static Tensor block_diag(params Tensor[] blocks) => BlockDiagOp.Call(blocks);

    /// <summary>All ways to take one element of each vector [count, vectors].</summary>
    public static Tensor cartesian_prod(params Tensor[] vectors) => CartesianProductOp.Call(vectors);

    /// <summary>All ways to choose r elements of a vector in order [count, r].</summary>
    public static Tensor combinations(Tensor vector, long r = 2, bool withReplacement = false) =>
        CombinationsOp.Call(vector, r, withReplacement);
}
