using Interp.Notebooks.Engine;

namespace Interp.Notebooks.Files;

/// <summary>What came of running a notebook.</summary>
/// <param name="Cells">The cells that were run, in order.</param>
/// <param name="Elapsed">The time of all of them.</param>
public sealed record NotebookRun(IReadOnlyList<RunCell> Cells, TimeSpan Elapsed)
{
    /// <summary>The first cell that failed, or null.</summary>
    public RunCell? Failed => Cells.FirstOrDefault(cell => cell.Result.Status != CellStatus.Ok);

    /// <summary>Whether every cell ran to its end.</summary>
    public bool Succeeded => Failed is null;
}
