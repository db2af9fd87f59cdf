using Interp.Models;

namespace Interp.Circuits.Patching;

/// <summary>The work of a sweep, counted from its plan before it runs: floating-point operations of the matrix
/// products.</summary>
/// <remarks>
/// A row is one position of one sequence of one site. With d = d_model, q = (n_heads + 2 n_kv_heads) · d_head,
/// z = n_heads · d_head, m matrices of d · d_mlp in the MLP that a token uses:
/// <code>
/// layer  = 2 [ read · d q  +  mixed · 2 z pos²  +  written · (z d + m d d_mlp) ]
/// output = 2 · rows read by the metric · d · tokens read
/// sweep  = Σ over layers and batches of sites, with the run that is patched as one more site
/// plain  = sites · one full run: every row in every layer, every logit
/// </code>
/// <c>read</c> counts rows whose stream has changed, <c>written</c> those that attention or a patch changes, in the
/// last layer only where the metric reads; <c>mixed</c> counts sequences. Rows that have not changed are never
/// computed.
/// </remarks>
/// <param name="Sites">Sites of the sweep.</param>
/// <param name="PlainOperations">What one full run a site takes.</param>
/// <param name="SweepOperations">What the plan takes.</param>
/// <param name="Batches">Groups of sites that are computed together.</param>
/// <param name="MeanRows">Rows of a matrix product of the sweep, the mean weighted by work: what makes products
/// efficient.</param>
public sealed record SweepCost(int Sites, double PlainOperations, double SweepOperations, int Batches, double MeanRows)
{
    /// <summary>How many times less the sweep computes; what it gains beyond comes from larger matrix
    /// products.</summary>
    public double Saving => PlainOperations / SweepOperations;

    internal static double Layer(HookedTransformerConfig c, double read, double mixed, double written, double length)
    {
        double d = c.DModel, q = (c.NHeads + 2.0 * c.KeyValueHeads) * c.DHead, z = (double)c.NHeads * c.DHead;
        var mlp = c.AttnOnly ? 0 : (c.GatedMlp ? 3 : 2) * d * c.DMlp * (c.ExpertsPerToken ?? 1);
        return 2 * (read * d * q + mixed * 2 * z * length * length + written * (z * d + mlp));
    }

    internal static double Output(HookedTransformerConfig c, double rows, double tokens) =>
        2 * rows * c.DModel * tokens;
}
