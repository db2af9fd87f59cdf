using System.Numerics;

namespace Interp.Torch;

/// <summary>A complex number of two singles as it lies in memory (torch.complex64).</summary>
/// <param name="Real">The real part.</param>
/// <param name="Imaginary">The imaginary part.</param>
public readonly record struct ComplexFloat(float Real, float Imaginary)
{
    /// <summary>The same value in double precision; exact.</summary>
    public static implicit operator Complex(ComplexFloat value) => new(value.Real, value.Imaginary);
}
