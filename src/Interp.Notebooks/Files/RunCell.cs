using Interp.Notebooks.Engine;

namespace Interp.Notebooks.Files;

/// <summary>A cell that was run.</summary>
/// <param name="Cell">The cell, with its outputs.</param>
/// <param name="Index">Its place among all cells of the notebook, from 0.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Text">All that it wrote and showed, as plain text.</param>
public sealed record RunCell(NotebookCell Cell, int Index, CellResult Result, string Text);
