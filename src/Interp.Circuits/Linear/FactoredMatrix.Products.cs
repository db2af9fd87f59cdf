using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Linear;

// Products, which stay factored.
public sealed partial class FactoredMatrix
{
    /// <summary>This matrix times a plain one [.., right, k]; still factored.</summary>
    public static FactoredMatrix operator *(FactoredMatrix left, Tensor right) => left.Matmul(right);

    /// <summary>A plain matrix [.., k, left] times this one; still factored.</summary>
    public static FactoredMatrix operator *(Tensor left, FactoredMatrix right) => right.MatmulLeft(left);

    /// <summary>The product of two factored matrices, of the lower of their ranks.</summary>
    public static FactoredMatrix operator *(FactoredMatrix left, FactoredMatrix right) => left.Matmul(right);

    /// <summary>Every element times a number.</summary>
    public static FactoredMatrix operator *(FactoredMatrix matrix, double factor) => new(matrix.A * factor, matrix.B);

    /// <summary>Every element times a number.</summary>
    public static FactoredMatrix operator *(double factor, FactoredMatrix matrix) => matrix * factor;

    /// <summary>This matrix times a plain one [.., right, k].</summary>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public FactoredMatrix Matmul(Tensor right)
    {
        RequireMatrix(right, right.dim() > 1 ? right.size(-2) : -1, RightDim, "on the right");
        return new FactoredMatrix(A, B.MatMul(right));
    }

    /// <summary>A plain matrix [.., k, left] times this one.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public FactoredMatrix MatmulLeft(Tensor left)
    {
        RequireMatrix(left, left.size(-1), LeftDim, "on the left");
        return new FactoredMatrix(left.MatMul(A), B);
    }

    /// <summary>The product with another factored matrix.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public FactoredMatrix Matmul(FactoredMatrix right)
    {
        if (RightDim != right.LeftDim) throw new ArgumentException($"{this} times {right} has no product");
        using var scope = torch.NewDisposeScope();
        var between = B.MatMul(right.A); // [.., inner, inner of the other]
        // The product passes through both ranks; it is kept at the lower one.
        var product = InnerDim <= right.InnerDim
            ? new FactoredMatrix(A, between.MatMul(right.B))
            : new FactoredMatrix(A.MatMul(between), right.B);
        return product.MoveToOuter(scope);
    }

    /// <summary>Rows [.., left] times this matrix [.., right], for a matrix without batches.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public Tensor Apply(Tensor rows)
    {
        if (Dim != 2 || rows.size(-1) != LeftDim)
            throw new ArgumentException(
                $"rows [{Sizes(rows)}] cannot go through {this}; they must be [.., {LeftDim}] and the matrix without " +
                "batches");
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(rows.MatMul(A).MatMul(B));
    }

    internal FactoredMatrix MoveToOuter(DisposeScope scope)
    {
        scope.MoveToOuter(A);
        scope.MoveToOuter(B);
        return this;
    }

    private void RequireMatrix(Tensor other, long found, long needed, string where)
    {
        if (other.dim() < 2 || found != needed)
            throw new ArgumentException($"[{Sizes(other)}] cannot stand {where} of {this}; for rows use Apply");
    }
}
