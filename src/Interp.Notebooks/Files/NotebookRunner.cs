using System.Diagnostics;
using Interp.Notebooks.Engine;

namespace Interp.Notebooks.Files;

/// <summary>Runs the code cells of a notebook from top to bottom in this process, with the engine of the kernel.</summary>
/// <example><code>
/// var notebook = NotebookFile.Load("notebooks/lab2/attention.ipynb");
/// var run = NotebookRunner.Run(notebook, new RunOptions { Solve = true });
/// if (run.Failed is { } failed) Console.WriteLine($"cell {failed.Index + 1}: {failed.Result.Error!.Message}");
/// </code></example>
public static class NotebookRunner
{
    /// <summary>What the error of a cell is called that took too long.</summary>
    internal const string Timeout = "Timeout";

    /// <summary>Runs a notebook and puts the outputs into its cells.</summary>
    /// <param name="notebook">
    /// The notebook; its old outputs are removed, and an exercise that is run with a solution or an answer then holds that.
    /// </param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="cancellation">Interrupts the cell that runs and ends the run.</param>
    /// <returns>The cells that were run; the last one may have failed.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static NotebookRun Run(
        NotebookFile notebook, RunOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        options ??= new RunOptions();
        var folder = options.Engine.Folder ?? Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!;
        var sources = notebook.Cells.Select(cell => Solutions.SourceOf(cell, notebook, options)).ToArray();
        notebook.ClearOutputs();
        for (var i = 0; i < sources.Length; i++) notebook.Cells[i].Source = sources[i];
        var clock = Stopwatch.StartNew();
        using var engine = new CellEngine(options.Engine with { Folder = folder });
        var cells = new List<RunCell>();
        var count = notebook.Cells.Count(cell => cell.Kind == CellKind.Code);
        for (var i = 0; i < notebook.Cells.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (notebook.Cells[i].Kind != CellKind.Code) continue;
            options.Progress?.Report(new NotebookProgress(cells.Count + 1, count));
            cells.Add(RunOne(engine, notebook.Cells[i], i, sources[i], options, cancellation));
            cancellation.ThrowIfCancellationRequested();
            if (cells[^1].Result.Status != CellStatus.Ok && !options.KeepGoing) break;
        }
        return new NotebookRun(cells, clock.Elapsed);
    }

    /// <summary>Runs one cell, for no longer than the options allow, and puts its outputs into it.</summary>
    internal static RunCell RunOne(
        CellEngine engine, NotebookCell cell, int index, string source, RunOptions options, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.CellTimeout);
        var output = new RecordedOutput(cell.Outputs);
        var result = engine.Run(source, output, limit.Token);
        if (result.Status == CellStatus.Interrupted && !cancellation.IsCancellationRequested)
            result = result with { Error = TooLong(options.CellTimeout) };
        cell.ExecutionCount = engine.Count;
        output.Finish(result, engine.Count);
        return new RunCell(cell, index, result, output.Text);
    }

    private static CellError TooLong(TimeSpan limit)
    {
        var message = $"the cell took longer than {limit.TotalSeconds:0.#} s and was interrupted";
        return new CellError(Timeout, message, [message]);
    }
}
