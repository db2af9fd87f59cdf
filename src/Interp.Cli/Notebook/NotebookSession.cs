using Interp.Notebooks.Engine;
using Interp.Notebooks.Files;
using Interp.Training;

namespace Interp.Cli.Notebook;

/// <summary>Runs a notebook with a line of progress, and says how it ended.</summary>
internal static class NotebookSession
{
    /// <summary>Runs it in this process.</summary>
    public static NotebookRun Run(NotebookFile notebook, RunOptions options, CommandContext context)
    {
        using var line = context.Console.Progress(Path.GetFileName(notebook.Path), context.Clock);
        using var ended = new EndOfProcess(context.Console);
        return NotebookRunner.Run(notebook, options with { Progress = new Progress(notebook.Path, line, ended) }, context.Cancellation);
    }

    /// <summary>Says on stderr how a run ended: the error of the cell that failed, or that all went well.</summary>
    /// <returns>Whether all went well.</returns>
    public static bool Report(NotebookFile notebook, NotebookRun run, CommandContext context)
    {
        var console = context.Console;
        console.Flush(); // on a terminal the error stands below what the cells printed
        if (run.Failed is not { } failed)
        {
            console.Note($"{notebook.Path}: {run.Cells.Count} cells ran in {run.Elapsed.TotalSeconds:0.0} s");
            return true;
        }
        var error = failed.Result.Error!;
        foreach (var text in error.Traceback) console.Note(text);
        console.Error($"{notebook.Path}: cell {failed.Cell.ExecutionCount} (number {failed.Index + 1} of all cells) failed: "
            + $"{error.Name}");
        return false;
    }

    private sealed class Progress(string path, ProgressLine line, EndOfProcess ended) : IProgress<NotebookProgress>
    {
        public void Report(NotebookProgress value)
        {
            ended.What = $"{path}: cell {value.Cell}";
            line.Report(((value.Cell - 1.0) / value.Cells, $"cell {value.Cell}/{value.Cells}"));
        }
    }
}
