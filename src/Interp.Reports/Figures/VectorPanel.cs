namespace Interp.Reports;

/// <summary>One panel of a <see cref="VectorFigure"/>.</summary>
/// <param name="Name">What is below it.</param>
/// <param name="Vectors">The vectors, <c>[vectors, 2]</c>.</param>
public readonly record struct VectorPanel(string Name, Grid Vectors);
