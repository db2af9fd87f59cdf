using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>How much of a matrix whose rows are places lies at every Fourier component.</summary>
/// <param name="Components">Norms in the order of <see cref="FourierBasis"/>: const, cos 1, sin 1, cos 2, …</param>
public sealed record FrequencySpectrum(IReadOnlyList<double> Components)
{
    /// <summary>The highest frequency.</summary>
    public int Frequencies => Components.Count / 2;

    /// <summary>The norm at a frequency: √(cos² + sin²).</summary>
    public double Norm(int frequency)
    {
        var cosine = Components[FourierBasis.CosineRow(frequency)];
        var row = FourierBasis.SineRow(frequency);
        return row < Components.Count ? Math.Sqrt(cosine * cosine + Components[row] * Components[row]) : cosine;
    }

    /// <summary>The Gini coefficient of the components: 0 where all are alike, near 1 where few are all.</summary>
    public double Gini() => GiniCoefficient.Of(Components);

    /// <summary>The part of the energy outside the constant that lies at some frequencies.</summary>
    public double EnergyAt(IEnumerable<int> frequencies)
    {
        var total = Components.Skip(1).Sum(c => c * c);
        return total > 0 ? frequencies.Sum(k => Norm(k) * Norm(k)) / total : 0;
    }

    /// <summary>The spectrum of a matrix.</summary>
    /// <param name="values">[place, …]</param>
    /// <param name="basis">The basis of as many places.</param>
    public static FrequencySpectrum Of(Tensor values, FourierBasis basis)
    {
        using var scope = torch.NewDisposeScope();
        var components = basis.Rows.MatMul(values.to(ScalarType.Float64).cpu().flatten(1));
        return new FrequencySpectrum(torch.linalg.vector_norm(components, dims: [1]).ToArray<double>());
    }
}
