using Interp.Notebooks.Files;

namespace Interp.Cli.Tests.Notebook;

[Collection(ConsoleOfTheProcess.Name)]
public sealed class NotebookCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-notebook-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_notebook_runs_in_the_terminal_and_keeps_its_outputs_on_request()
    {
        var file = Write("good.ipynb", "var x = 20;", "Console.WriteLine(\"hello\");\nx + 1");
        var target = Path.Combine(_folder, "done.ipynb");
        var run = CliRun.Of("notebook", "run", file, "--out", target);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal("[2]\n    hello\n    21\n", run.Output);
        Assert.Contains("2 cells ran", run.Error);
        Assert.Equal(2, NotebookFile.Load(target).Cells[1].Outputs.Count);

        Assert.Equal(ExitCode.Ok, CliRun.Of("notebook", "clear", target).Code);
        Assert.Empty(NotebookFile.Load(target).Cells[1].Outputs);
    }

    [Fact]
    public void A_failing_cell_ends_with_failure_its_line_and_its_number()
    {
        var run = CliRun.Of("notebook", "run", Write("bad.ipynb", "var x = 1;", "var a = 1;\nint.Parse(\"x\")", "x"));
        Assert.Equal(ExitCode.Failure, run.Code);
        Assert.Contains("at cell[2], line 2: int.Parse(\"x\")", run.Error);
        Assert.Contains("cell 2 (number 2 of all cells) failed: FormatException", run.Error);
    }

    [Fact]
    public void What_is_no_notebook_is_one_line_that_says_so()
    {
        var missing = CliRun.Of("notebook", "run", "nowhere.ipynb");
        Assert.Equal((ExitCode.Failure, "error: no notebook nowhere.ipynb; give the path of an .ipynb file\n"), (missing.Code, missing.Error));
        var file = Path.Combine(_folder, "wrong.ipynb");
        File.WriteAllText(file, """{"nbformat": 4, "cells": [{"cell_type": "poem", "source": ""}]}""");
        Assert.Contains("cells[0].cell_type should be code, markdown or raw, found \"poem\"", CliRun.Of("notebook", "run", file).Error);
        Assert.Equal(ExitCode.Usage, CliRun.Of("notebook", "run", file, file, "--out", file).Code);
    }

    [Fact]
    public void An_export_is_a_page_with_outputs_that_names_nothing_outside()
    {
        var file = Write("page.ipynb", "display(Html(\"<b>bold</b>\"));",
            "new BarFigure(\"Bars\", [\"a\", \"b\"], new float[] { 1, 2 })", "Console.WriteLine(\"1 < 2\");");
        var run = CliRun.Of("notebook", "export", file, "--to", _folder);
        Assert.Equal((ExitCode.Ok, Path.Combine(_folder, "page.html") + "\n"), (run.Code, run.Output));
        var page = File.ReadAllText(Path.Combine(_folder, "page.html"));
        Assert.Contains("<b>bold</b>", page);
        Assert.Contains("Bars</", page); // the title: of a caption, or of a drawing where the build has no plotly.js
        Assert.Contains("1 &lt; 2", page);
        var markup = page.Split("<script")[0]; // plotly.js, where the build has it, follows
        Assert.DoesNotContain("src=\"http", markup);
        Assert.DoesNotContain("href=\"http", markup);
    }

    [Fact]
    public void The_kernel_is_registered_with_the_command_that_starts_it()
    {
        var run = CliRun.Of("notebook", "install", "--to", _folder);
        Assert.Equal(Path.Combine(_folder, "kernels", "interp-csharp") + "\n", run.Output);
        var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(run.Output.Trim(), "kernel.json")))!;
        Assert.Equal(["notebook", "kernel", "{connection_file}"], json["argv"]!.AsArray().TakeLast(3).Select(word => (string)word!));
        Assert.True(File.Exists((string)json["argv"]![1]!));
        // VS Code hides a kernel whose program it does not find, and it may have another PATH than a shell.
        Assert.True(Path.IsPathFullyQualified((string)json["argv"]![0]!));
        Assert.False((bool)json["metadata"]!["debugger"]!);
        Assert.Equal(("C#", "message"), ((string)json["language"]!, (string)json["interrupt_mode"]!));
    }

    [Fact]
    public void Without_Jupyter_the_command_says_which_package_it_needs()
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", _folder);
            var run = CliRun.Of("notebook");
            Assert.Equal(ExitCode.Failure, run.Code);
            Assert.Contains("apt-get install jupyter-notebook", run.Error);
            Assert.Contains("interp notebook run FILE", run.Error);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task With_Jupyter_it_is_started_in_the_folder_of_notebooks_with_the_kernel_registered()
    {
        var jupyter = Path.Combine(_folder, "jupyter-notebook");
        File.WriteAllText(jupyter, "#!/bin/sh\necho \"$@\"\ncat \"${JUPYTER_PATH%%:*}\"/kernels/interp-csharp/kernel.json\n");
        File.SetUnixFileMode(jupyter, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var process = new Hub.ChildProcess([("PATH", $"{_folder}:/usr/bin:/bin")], "notebook", "--no-browser", "--port", "9999");
        var run = await process.EndAsync();
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.StartsWith($"{Repository.Path("notebooks")} --no-browser --port=9999", run.Output);
        Assert.Contains("\"display_name\": \"C# (Interp)\"", run.Output);
    }

    private string Write(string name, params string[] cells)
    {
        var file = Path.Combine(_folder, name);
        var list = string.Join(',', cells.Select(cell =>
            $$"""{"cell_type": "code", "metadata": {}, "outputs": [], "source": {{System.Text.Json.JsonSerializer.Serialize(cell)}} }"""));
        File.WriteAllText(file, $$"""{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{{list}}]}""");
        return file;
    }
}
