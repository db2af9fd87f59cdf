namespace Interp.Torch;

public sealed partial class Tensor
{
    /// <summary>A view with one dimension split into several, the opposite of <see cref="flatten"/>.</summary>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <param name="sizes">What it becomes; their product is its size.</param>
    public Tensor unflatten(int dim, params long[] sizes)
    {
        var before = shape;
        var at = dim < 0 ? dim + before.Length : dim;
        return view([.. before[..at], .. sizes, .. before[(at + 1)..]]);
    }
}
