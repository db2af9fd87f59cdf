using Interp.Torch.Engine;

namespace Interp.Torch;

// Choosing elements, and the method forms that people write as functions.
public static partial class torch
{
    private static readonly Operator WhereScalarSelfOp = Operator.Get("aten::where.ScalarSelf");
    private static readonly Operator WhereScalarOtherOp = Operator.Get("aten::where.ScalarOther");
    private static readonly Operator WhereScalarOp = Operator.Get("aten::where.Scalar");

    /// <summary>A number where the condition is true, else elements of b.</summary>
    public static Tensor where(Tensor condition, Scalar a, Tensor b) => WhereScalarSelfOp.Call(condition, a, b);

    /// <summary>Elements of a where the condition is true, else a number.</summary>
    public static Tensor where(Tensor condition, Tensor a, Scalar b) => WhereScalarOtherOp.Call(condition, a, b);

    /// <summary>One number where the condition is true, else another.</summary>
    public static Tensor where(Tensor condition, Scalar a, Scalar b) => WhereScalarOp.Call(condition, a, b);

    /// <summary>Whether |a − b| ≤ atol + rtol · |b| holds for all elements.</summary>
    public static bool allclose(Tensor input, Tensor other, double rtol = 1e-5, double atol = 1e-8,
        bool equalNan = false) =>
        input.allclose(other, rtol, atol, equalNan);

    /// <summary>True where |a − b| ≤ atol + rtol · |b|.</summary>
    public static Tensor isclose(Tensor input, Tensor other, double rtol = 1e-5, double atol = 1e-8) =>
        input.isclose(other, rtol, atol);

    /// <summary>Whether two tensors have the same shape and the same elements.</summary>
    public static bool equal(Tensor input, Tensor other) => input.equal(other);

    /// <summary>True where an element is among those of another tensor.</summary>
    public static Tensor isin(Tensor elements, Tensor among, bool invert = false) => elements.isin(among, invert);

    /// <summary>0 for negative elements, 1 for positive ones, the value given for 0.</summary>
    public static Tensor heaviside(Tensor input, Tensor atZero) => input.heaviside(atZero);

    /// <summary>The lower triangle, the rest 0.</summary>
    public static Tensor tril(Tensor input, long diagonal = 0) => input.tril(diagonal);

    /// <summary>The upper triangle, the rest 0.</summary>
    public static Tensor triu(Tensor input, long diagonal = 0) => input.triu(diagonal);

    /// <summary>A vector as a diagonal matrix, or the diagonal of a matrix.</summary>
    public static Tensor diag(Tensor input, long diagonal = 0) => input.diag(diagonal);

    /// <summary>The k largest elements along a dimension, and where they are.</summary>
    public static (Tensor values, Tensor indices) topk(Tensor input, long k, long dim = -1, bool largest = true,
        bool sorted = true) =>
        input.topk(k, dim, largest, sorted);

    /// <summary>The elements in order along a dimension, and where they were.</summary>
    public static (Tensor values, Tensor indices) sort(Tensor input, long dim = -1, bool descending = false) =>
        input.sort(dim, descending);

    /// <summary>The entries of a dimension that an index lists.</summary>
    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    /// <summary>result[i][j] = input[index[i][j]][j], for dim 0.</summary>
    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    /// <summary>Standard deviation and mean over dimensions, in one pass.</summary>
    public static (Tensor std, Tensor mean) std_mean(Tensor input, long[] dims, long correction = 1,
        bool keepdim = false) =>
        input.std_mean(dims, correction, keepdim);

    /// <summary>Covariances of the rows, the columns being observations.</summary>
    public static Tensor cov(Tensor input, long correction = 1) => input.cov(correction);

    /// <summary>Correlations of the rows, the columns being observations.</summary>
    public static Tensor corrcoef(Tensor input) => input.corrcoef();

    /// <summary>Elements shifted around along dimensions.</summary>
    public static Tensor roll(Tensor input, long[] shifts, long[] dims) => input.roll(shifts, dims);

    /// <summary>Dimensions in reverse order.</summary>
    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);

    /// <summary>Another shape: a view where possible, else a copy.</summary>
    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);
}
