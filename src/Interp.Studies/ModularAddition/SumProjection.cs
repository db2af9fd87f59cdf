using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>
/// The part of logits that depends on the pair through cos and sin of w_k (a + b) alone, kept or taken away: restricted
/// and excluded logits (Nanda et al. 2023, section 5.1).
/// </summary>
/// <remarks>
/// With c_k = (cos_k ⊗ cos_k − sin_k ⊗ sin_k)/√2 and s_k = (sin_k ⊗ cos_k + cos_k ⊗ sin_k)/√2, the unit vectors along
/// cos w_k(a + b) and sin w_k(a + b):
/// <code>
/// restricted = mean over pairs + Σ_key (c_k c_kᵀ + s_k s_kᵀ) L
/// excluded   = L − Σ_key (c_k c_kᵀ + s_k s_kᵀ) L
/// </code>
/// These vectors and the constant span all functions of a + b, so the projection is: average over pairs of the same sum,
/// then keep frequencies of the averages. No product of different frequencies is kept.
/// </remarks>
public sealed class SumProjection : IDisposable
{
    private readonly FourierBasis basis;
    private readonly Tensor pairsBySum; // [sum · n + first] → pair
    private readonly Tensor sums; // [pair] → sum

    /// <param name="basis">The basis; it stays the caller's.</param>
    public SumProjection(FourierBasis basis)
    {
        this.basis = basis;
        var n = basis.Order;
        pairsBySum = torch.tensor([.. Enumerable.Range(0, n * n).Select(k => (long)(k % n * n + (k / n - k % n + n) % n))], [n * n])
            .DetachFromDisposeScope();
        sums = torch.tensor([.. Enumerable.Range(0, n * n).Select(pair => (long)((pair / n + pair % n) % n))], [n * n]).DetachFromDisposeScope();
    }

    /// <summary>The averages over pairs of the same sum.</summary>
    /// <param name="values">[pair, …]</param>
    /// <returns>[sum, …]</returns>
    public Tensor Averages(Tensor values)
    {
        using var scope = torch.NewDisposeScope();
        var n = basis.Order;
        return scope.MoveToOuter(values.index_select(0, pairsBySum).SplitDimension(0, n, n).mean(1));
    }

    /// <summary>The part along c_k and s_k of some frequencies.</summary>
    /// <param name="values">[pair, …]</param>
    /// <param name="frequencies">The frequencies k.</param>
    /// <returns>[pair, …]</returns>
    public Tensor Along(Tensor values, IEnumerable<int> frequencies)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Expand(Filter(Averages(values), frequencies)));
    }

    /// <summary>Restricted logits: the mean over all pairs and the part along the frequencies.</summary>
    /// <param name="logits">[pair, answer]</param>
    /// <param name="frequencies">The key frequencies.</param>
    public Tensor Restricted(Tensor logits, IEnumerable<int> frequencies)
    {
        using var scope = torch.NewDisposeScope();
        var averages = Averages(logits);
        return scope.MoveToOuter(Expand(averages.mean(0, keepdim: true) + Filter(averages, frequencies)));
    }

    /// <summary>Excluded logits: everything but the part along the frequencies.</summary>
    /// <param name="logits">[pair, answer]</param>
    /// <param name="frequencies">The key frequencies, or one of them.</param>
    public Tensor Excluded(Tensor logits, IEnumerable<int> frequencies)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(logits - Along(logits, frequencies));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        pairsBySum.Dispose();
        sums.Dispose();
    }

    private Tensor Filter(Tensor averages, IEnumerable<int> frequencies)
    {
        var rows = frequencies.SelectMany(basis.RowsOf).Select(row => (long)row).ToArray();
        if (rows.Length == 0) return torch.zeros_like(averages);
        var chosen = basis.Rows.index_select(0, torch.tensor(rows)).to(averages.dtype);
        return chosen.t().MatMul(chosen.MatMul(averages));
    }

    private Tensor Expand(Tensor bySum) => bySum.index_select(0, sums);
}
