using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>The orthonormal Fourier basis of functions on the places 0 … n − 1 of a cyclic group.</summary>
/// <remarks>
/// Rows in this order: constant 1/√n; then for every frequency k = 1 … n/2 the cosine cos(2πkx/n) and the sine
/// sin(2πkx/n), each divided by its norm (√(n/2)). With even n the last frequency has a cosine only, of norm √n.
/// (The published notebook has this order; the one of TransformerLens puts sines first.)
/// <code>
/// using var basis = new FourierBasis(113);
/// var coefficients = basis.Rows.MatMul(values);   // values [113, …]
/// </code>
/// </remarks>
public sealed class FourierBasis : IDisposable
{
    /// <param name="order">The number of places n, at least 3.</param>
    public FourierBasis(int order)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 3);
        Order = order;
        var rows = new double[order, order];
        for (var x = 0; x < order; x++)
        {
            rows[0, x] = 1 / Math.Sqrt(order);
            for (var k = 1; k <= Frequencies; k++)
            {
                var norm = HasSine(k) ? Math.Sqrt(order / 2.0) : Math.Sqrt(order);
                // The angle is reduced first, so that high frequencies are as exact as low ones.
                var angle = 2 * Math.PI * ((long)k * x % order) / order;
                rows[CosineRow(k), x] = Math.Cos(angle) / norm;
                if (HasSine(k)) rows[SineRow(k), x] = Math.Sin(angle) / norm;
            }
        }

        Rows = torch.tensor(rows).DetachFromDisposeScope();
    }

    /// <summary>The number of places n.</summary>
    public int Order { get; }

    /// <summary>The highest frequency, n/2 rounded down.</summary>
    public int Frequencies => Order / 2;

    /// <summary>The basis, a vector a row: float64 [n, n].</summary>
    public Tensor Rows { get; }

    /// <summary>The row of a frequency's cosine.</summary>
    public static int CosineRow(int frequency) => 2 * frequency - 1;

    /// <summary>The row of a frequency's sine.</summary>
    public static int SineRow(int frequency) => 2 * frequency;

    /// <summary>Whether a frequency has a sine: all but n/2.</summary>
    public bool HasSine(int frequency) => 2 * frequency != Order;

    /// <summary>The rows of a frequency: cosine, and sine where there is one.</summary>
    public IReadOnlyList<int> RowsOf(int frequency) =>
        HasSine(frequency) ? [CosineRow(frequency), SineRow(frequency)] : [CosineRow(frequency)];

    /// <summary>The name of a row: "const", "cos 5", "sin 5".</summary>
    public static string Name(int row) => row == 0 ? "const" : $"{(row % 2 == 1 ? "cos" : "sin")} {(row + 1) / 2}";

    /// <inheritdoc/>
    public void Dispose() => Rows.Dispose();
}
