using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>A neuron as a polynomial in cos and sin of one frequency.</summary>
/// <param name="Neuron">Which.</param>
/// <param name="Frequency">The frequency that explains most; 0 for a neuron that is the same for all pairs.</param>
/// <param name="ExplainedVariance">The part of its variance over all pairs that the polynomial explains.</param>
public sealed record NeuronFit(int Neuron, int Frequency, double ExplainedVariance);

/// <summary>
/// Neurons sorted by the frequency that they compute with: each is nearly a polynomial of degree two in {1, cos w_k a,
/// sin w_k a} × {1, cos w_k b, sin w_k b} (Nanda et al. 2023, section 4.3).
/// </summary>
/// <param name="Fits">Every neuron.</param>
public sealed record NeuronClusters(IReadOnlyList<NeuronFit> Fits)
{
    /// <summary>From this part of its variance on a neuron belongs to its frequency; <value>0.85</value>.</summary>
    public const double Clear = 0.85;

    /// <summary>Neurons of each frequency.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<int>> Clusters { get; } = Fits
        .Where(fit => fit.ExplainedVariance > Clear && fit.Frequency > 0)
        .GroupBy(fit => fit.Frequency)
        .OrderBy(group => group.Key)
        .ToDictionary(group => group.Key, group => (IReadOnlyList<int>)[.. group.Select(fit => fit.Neuron)]);

    /// <summary>The part of the neurons that belong to a frequency.</summary>
    public double ClusteredPart => Clusters.Values.Sum(cluster => cluster.Count) / (double)Fits.Count;

    /// <summary>
    /// The frequencies that explain a neuron best, over all neurons that vary and whose best frequency explains at least
    /// half: what is left out computes with none.
    /// </summary>
    public KeyFrequencies KeyFrequencies() => new(FrequencyRule.Neurons,
        [.. Fits.Where(fit => fit.Frequency > 0 && fit.ExplainedVariance >= 0.5).Select(fit => fit.Frequency).Distinct().Order()]);

    /// <summary>Fits every neuron.</summary>
    /// <param name="neurons">[pair, neuron], the pairs in the order of the places.</param>
    /// <param name="basis">The basis of as many places.</param>
    public static NeuronClusters Of(Tensor neurons, FourierBasis basis)
    {
        using var scope = torch.NewDisposeScope();
        var power = Transform(neurons, basis).square(); // [row of a, row of b, neuron]
        power[0, 0] = torch.zeros([power.size(2)], ScalarType.Float64);
        var total = power.sum([0, 1]);
        var blocks = Blocks(basis); // [frequency, row]
        var inBlock = (torch.einsum("kx,xym->kym", blocks, power) * blocks.unsqueeze(-1)).sum(1); // [frequency, neuron]
        var (best, which) = (inBlock / total.clamp_min(1e-30)).max(0);
        var (explained, index, variance) = (best.ToArray<double>(), which.ToArray<long>(), total.ToArray<double>());
        // Rounding of a constant neuron is no variance.
        var least = variance.Max() * 1e-12;
        return new NeuronClusters([.. explained.Select((part, neuron) => variance[neuron] > least
            ? new NeuronFit(neuron, (int)index[neuron] + 1, part)
            : new NeuronFit(neuron, 0, 0))]);
    }

    /// <summary>The neurons with every clustered one replaced by its polynomial, the constant included [pair, neuron].</summary>
    internal Tensor Polynomials(Tensor neurons, FourierBasis basis)
    {
        using var scope = torch.NewDisposeScope();
        var blocks = Blocks(basis);
        var kept = torch.ones([basis.Order, Fits.Count], ScalarType.Float64); // [row, neuron]
        foreach (var (frequency, members) in Clusters)
            kept.index_copy_(1, torch.tensor(members.Select(neuron => (long)neuron).ToArray()),
                blocks[frequency - 1].unsqueeze(1).expand(basis.Order, members.Count));
        var coefficients = Transform(neurons, basis) * kept.unsqueeze(1) * kept.unsqueeze(0);
        var back = torch.einsum("xi,xym->iym", basis.Rows, coefficients);
        return scope.MoveToOuter(torch.einsum("yj,iym->ijm", basis.Rows, back).flatten(0, 1));
    }

    /// <summary>The two-dimensional Fourier components [row of a, row of b, …] of values over all pairs [pair, …].</summary>
    internal static Tensor Transform(Tensor values, FourierBasis basis)
    {
        using var scope = torch.NewDisposeScope();
        var grid = values.SplitDimension(0, basis.Order, basis.Order);
        return scope.MoveToOuter(torch.einsum("yj,xjm->xym", basis.Rows, torch.einsum("xi,ijm->xjm", basis.Rows, grid)));
    }

    /// <summary>Which rows of the basis each frequency may use: the constant and its own [frequency, row].</summary>
    private static Tensor Blocks(FourierBasis basis)
    {
        var blocks = new double[basis.Frequencies, basis.Order];
        for (var k = 1; k <= basis.Frequencies; k++)
        {
            blocks[k - 1, 0] = 1;
            foreach (var row in basis.RowsOf(k)) blocks[k - 1, row] = 1;
        }

        return torch.tensor(blocks);
    }
}
