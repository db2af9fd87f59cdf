namespace Interp.Reports;

/// <summary>A list of what is related to a feature in one way.</summary>
/// <param name="Title">In which way: "Correlated features".</param>
/// <param name="Items">The closest first.</param>
public sealed record FeatureRelations(string Title, IReadOnlyList<FeatureRelation> Items);
