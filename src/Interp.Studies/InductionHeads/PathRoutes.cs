using Interp.Circuits.Heads;

namespace Interp.Studies.InductionHeads;

/// <summary>
/// Through which inputs of the induction heads a previous-token head acts on the right tokens' logit (path patching,
/// Wang et al. 2022): its output on other tokens is put in its place, on one route at a time.
/// </summary>
/// <param name="Sender">The previous-token head.</param>
/// <param name="Baseline">The logit of the right tokens in the unpatched run.</param>
/// <param name="Whole">By how much it falls with the head's whole output patched.</param>
/// <param name="Key">With only the direct path to the induction heads' keys patched.</param>
/// <param name="Query">To their queries.</param>
/// <param name="Value">To their values.</param>
public sealed record PathRoutes(HeadName Sender, double Baseline, double Whole, double Key, double Query, double Value);
