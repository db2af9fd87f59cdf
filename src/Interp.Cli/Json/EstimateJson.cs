namespace Interp.Cli.Json;

/// <summary>A mean over seeds and half of its 95% interval.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="HalfWidth">Half of the interval's width.</param>
internal sealed record EstimateJson(double Mean, double HalfWidth);
