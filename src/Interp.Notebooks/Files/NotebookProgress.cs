namespace Interp.Notebooks.Files;

/// <summary>How far the run of a notebook is.</summary>
/// <param name="Cell">The code cell that runs next, counted from 1.</param>
/// <param name="Cells">The number of code cells.</param>
public sealed record NotebookProgress(int Cell, int Cells);
