using Interp.Notebooks.Engine;
using Interp.Notebooks.Files;

namespace Interp.Notebooks.Tests.Files;

public sealed class NotebookRunnerTests : IDisposable
{
    private const string Exercise = """{"interp": {"role": "exercise", "id": "twice"}}""";
    private const string CheckOfIt = """{"interp": {"role": "check", "id": "twice"}}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-notebook-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Outputs_are_kept_as_a_notebook_has_them()
    {
        var notebook = Write(("Console.Write(1); Console.WriteLine(2);\nConsole.Error.Write(3);\n4", ""),
            ("var shown = display(1); shown.Update(2); display(3); clear_output(); display(5);", ""), ("int.Parse(\"x\")", ""));
        var run = NotebookRunner.Run(notebook);
        Assert.Equal(2, run.Failed!.Index);
        var first = notebook.Cells[0].Outputs;
        Assert.Equal(["stream", "stream", "execute_result"], first.Select(output => (string)output!["output_type"]!));
        Assert.Equal("12\n", (string)first[0]!["text"]!);
        Assert.Equal("4", (string)first[2]!["data"]!["text/plain"]!);
        var second = Assert.Single(notebook.Cells[1].Outputs)!;
        Assert.Equal("5", (string)second["data"]!["text/plain"]!);
        Assert.Null(second["transient"]);
        Assert.Equal("FormatException", (string)notebook.Cells[2].Outputs[0]!["ename"]!);
        Assert.Equal([1, 2, 3], notebook.Cells.Select(cell => cell.ExecutionCount));
    }

    [Fact]
    public void An_output_is_updated_in_place()
    {
        var notebook = Write(("var shown = display(1); display(9); shown.Update(2);", ""));
        var run = NotebookRunner.Run(notebook);
        Assert.Equal(["2", "9"], notebook.Cells[0].Outputs.Select(output => (string)output!["data"]!["text/plain"]!));
        Assert.Equal("2\n9\n", run.Cells[0].Text);
    }

    [Fact]
    public void An_exercise_stops_the_run_with_its_hint_until_it_is_solved()
    {
        var notebook = Write(("int Twice(int n)\n{\n    return todo(\"add it to itself\");\n}", Exercise),
            ("Check.Equal(\"twice\", Twice(21), 42, \"add, do not multiply by three\");", CheckOfIt));
        var asItIs = NotebookRunner.Run(notebook);
        Assert.Equal("not solved yet. Hint: add it to itself", asItIs.Failed!.Result.Error!.Message);
        Assert.Equal("twice", asItIs.Failed.Cell.ExerciseId);

        var error = Assert.Throws<FileNotFoundException>(() => NotebookRunner.Run(notebook, new RunOptions { Solve = true }));
        Assert.Contains(Path.Combine(_folder, "solutions", "test", "twice.csx"), error.Message);

        Directory.CreateDirectory(Path.Combine(_folder, "solutions", "test"));
        File.WriteAllText(Solutions.FileOf(notebook.Path, "twice"), "int Twice(int n) => n + n;\n");
        Assert.True(NotebookRunner.Run(notebook, new RunOptions { Solve = true }).Succeeded);
        // What stands above the outputs is what made them.
        Assert.Equal("int Twice(int n) => n + n;", notebook.Cells[0].Source);
        var page = NotebookPage.Write(notebook);
        Assert.DoesNotContain("todo", page);
        Assert.Contains("=&gt; n + n;", page);

        var wrong = new Dictionary<string, string> { ["twice"] = "int Twice(int n) => 3 * n;" };
        var caught = NotebookRunner.Run(notebook, new RunOptions { Answers = wrong });
        Assert.Equal("✗ twice: expected 42, got 63; add, do not multiply by three", caught.Failed!.Result.Error!.Message);
    }

    [Fact]
    public void A_cell_that_takes_too_long_is_interrupted_and_says_so()
    {
        var run = NotebookRunner.Run(Write(("while (true) { }", "")), new RunOptions { CellTimeout = TimeSpan.FromSeconds(1) });
        Assert.Equal(CellStatus.Interrupted, run.Failed!.Result.Status);
        Assert.Equal("the cell took longer than 1 s and was interrupted", run.Failed.Result.Error!.Message);
    }

    [Fact]
    public void A_run_that_is_cancelled_ends()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        Assert.ThrowsAny<OperationCanceledException>(() => NotebookRunner.Run(Write(("while (true) { }", "")), null, source.Token));
    }

    [Fact]
    public void Nobody_answers_in_a_batch_and_the_run_may_go_on_after_a_failure()
    {
        var run = NotebookRunner.Run(Write(("input(\"name\")", ""), ("1", "")), new RunOptions { KeepGoing = true });
        Assert.Contains("nobody who could answer", run.Failed!.Result.Error!.Message);
        Assert.Equal(2, run.Cells.Count);
    }

    private NotebookFile Write(params (string Code, string Metadata)[] cells)
    {
        var path = Path.Combine(_folder, "test.ipynb");
        var list = string.Join(',', cells.Select(cell => $$"""
            {"cell_type": "code", "metadata": {{(cell.Metadata.Length > 0 ? cell.Metadata : "{}")}}, "source": {{System.Text.Json.JsonSerializer.Serialize(cell.Code)}} }
            """));
        File.WriteAllText(path, $$"""{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{{list}}]}""");
        return NotebookFile.Load(path);
    }
}
