namespace Interp.Reports;

/// <summary>An edge of a <see cref="GraphFigure"/>, drawn upwards.</summary>
/// <param name="From">The id of the node where it starts.</param>
/// <param name="To">The id of the node where it ends, on a higher level.</param>
/// <param name="Weight">Its sign gives the colour, its magnitude the thickness.</param>
/// <param name="Label">What it says under the pointer, beside its weight; empty for nothing.</param>
public readonly record struct GraphEdge(string From, string To, double Weight, string Label = "");
