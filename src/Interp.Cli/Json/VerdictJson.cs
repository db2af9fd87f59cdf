namespace Interp.Cli.Json;

/// <summary>A claim about a circuit, in the JSON of a report.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="Published">What was published; empty where nothing was.</param>
/// <param name="HoldsWhen">The bound.</param>
/// <param name="Holds">Whether it holds.</param>
/// <param name="Core">Whether there is no circuit without it.</param>
internal sealed record VerdictJson(string Claim, string Measured, string Published, string HoldsWhen, bool Holds, bool Core);
