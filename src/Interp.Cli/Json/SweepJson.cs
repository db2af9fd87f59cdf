namespace Interp.Cli.Json;

/// <summary>One sweep of <see cref="PatchJson"/>.</summary>
/// <param name="Sites">The kind of site.</param>
/// <param name="Axes">The names of the dimensions.</param>
/// <param name="Shape">Their lengths.</param>
/// <param name="Values">The metric with each site patched, row by row.</param>
/// <param name="Normalized">0 where a patch changes nothing, 1 where it brings the whole difference back.</param>
internal sealed record SweepJson(string Sites, string[] Axes, int[] Shape, double[] Values, double[] Normalized);
