namespace Interp.Reports;

/// <summary>A histogram of bins of equal width.</summary>
/// <param name="Low">The lower end of the first bin.</param>
/// <param name="Width">The width of a bin.</param>
/// <param name="Counts">The number in each.</param>
public sealed record FeatureBars(double Low, double Width, IReadOnlyList<int> Counts);
