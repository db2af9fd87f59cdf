namespace Interp.Reports;

/// <summary>Examples that belong together.</summary>
/// <param name="Title">What they are: "Strongest", an interval of activations.</param>
/// <param name="Windows">The examples.</param>
public sealed record FeatureWindows(string Title, IReadOnlyList<FeatureWindow> Windows);
