namespace Interp.Reports;

/// <summary>A node of a <see cref="GraphFigure"/>.</summary>
/// <param name="Id">What edges call it; also its label.</param>
/// <param name="Level">How high it stands: 0 at the bottom, for example the layer.</param>
public readonly record struct GraphNode(string Id, int Level);
