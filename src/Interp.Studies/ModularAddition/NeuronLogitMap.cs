using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>
/// The map from neurons to logits, W_L = W_out W_U = Σ_k u_k cos_kᵀ + v_k sin_kᵀ: of low rank, and reading cos w_k(a + b)
/// and sin w_k(a + b) from the neurons (Nanda et al. 2023, section 4.2).
/// </summary>
/// <param name="Spectrum">Norms of W_L along the answers' Fourier components.</param>
/// <param name="Residual">The norm of what the key frequencies leave, over the norm of W_L without its constant.</param>
/// <param name="SingularValues">Of W_L without its constant, the largest first.</param>
/// <param name="Directions">Two of each key frequency.</param>
public sealed record NeuronLogitMap(FrequencySpectrum Spectrum, double Residual, IReadOnlyList<double> SingularValues,
    IReadOnlyList<NeuronDirection> Directions)
{
    /// <summary>How many directions hold a part of the energy.</summary>
    public int DirectionsFor(double part)
    {
        var (total, sum) = (SingularValues.Sum(s => s * s), 0.0);
        return SingularValues.TakeWhile(s => total > 0 && (sum += s * s) < part * total).Count() + (total > 0 ? 1 : 0);
    }

    /// <summary>The spectrum alone, from which key frequencies are found.</summary>
    public static FrequencySpectrum SpectrumOf(ModularActivations run, FourierBasis basis)
    {
        using var scope = torch.NewDisposeScope();
        return FrequencySpectrum.Of(run.Out.MatMul(run.Unembedding).t(), basis);
    }

    /// <summary>Takes the map apart.</summary>
    public static NeuronLogitMap Of(ModularActivations run, FourierBasis basis, SumProjection projection, IReadOnlyList<int> frequencies)
    {
        using var scope = torch.NewDisposeScope();
        var map = run.Out.MatMul(run.Unembedding); // [neuron, answer]
        var varying = map - map.mean(1, keepdim: true);
        var spectrum = FrequencySpectrum.Of(map.t(), basis);
        return new NeuronLogitMap(spectrum, Math.Sqrt(Math.Max(0, 1 - spectrum.EnergyAt(frequencies))),
            torch.linalg.svdvals(varying).ToArray<double>(),
            [.. from k in frequencies
                from row in basis.RowsOf(k)
                select new NeuronDirection(k, row == FourierBasis.CosineRow(k), Explained(run, basis, projection, map, row))]);
    }

    /// <summary>The directions u_k, v_k as columns [neuron, 2 · frequencies].</summary>
    internal static Tensor DirectionMatrix(ModularActivations run, FourierBasis basis, IReadOnlyList<int> frequencies)
    {
        using var scope = torch.NewDisposeScope();
        var rows = basis.Rows.index_select(0, torch.tensor(frequencies.SelectMany(basis.RowsOf).Select(row => (long)row).ToArray()));
        return scope.MoveToOuter(run.Out.MatMul(run.Unembedding).MatMul(rows.t()));
    }

    private static double Explained(ModularActivations run, FourierBasis basis, SumProjection projection, Tensor map, int row)
    {
        using var scope = torch.NewDisposeScope();
        var along = run.Neurons.MatMul(map.MatMul(basis.Rows[row])); // [pair]
        var total = (along - along.mean()).square().sum().ToDouble();
        // On n pairs of each sum the unit vector along cos w_k(a + b) is the basis row over √n.
        var part = projection.Averages(along.unsqueeze(1)).squeeze(1).dot(basis.Rows[row]).ToDouble();
        return total > 0 ? basis.Order * part * part / total : 0;
    }
}
