namespace Interp.Cli.Json;

/// <summary>How a previous-token head acts on the right tokens' logit, in <see cref="InductionJson"/>.</summary>
/// <param name="Sender">The head.</param>
/// <param name="Baseline">The logit unpatched.</param>
/// <param name="Whole">Lost with its whole output patched.</param>
/// <param name="Key">Lost on the route to the induction heads' keys.</param>
/// <param name="Query">To their queries.</param>
/// <param name="Value">To their values.</param>
internal sealed record RoutesJson(string Sender, double Baseline, double Whole, double Key, double Query, double Value);
