namespace Interp.Reports;

/// <summary>One thing that is related to a feature.</summary>
/// <param name="Name">What is shown: "feature 12", "neuron 3".</param>
/// <param name="Value">How closely.</param>
/// <param name="Feature">The feature of the view that it leads to; null for none.</param>
public sealed record FeatureRelation(string Name, double Value, int? Feature = null);
