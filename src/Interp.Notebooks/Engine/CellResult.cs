using Interp.Notebooks.Display;

namespace Interp.Notebooks.Engine;

/// <summary>What came of running a cell.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Value">The value of its last expression, ready to be shown; null where there is none.</param>
/// <param name="Error">What went wrong; null where nothing did.</param>
/// <param name="Elapsed">The time it took, compiling included.</param>
public sealed record CellResult(CellStatus Status, MimeBundle? Value, CellError? Error, TimeSpan Elapsed);
