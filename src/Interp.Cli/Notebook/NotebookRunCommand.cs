using System.CommandLine;
using Interp.Cli.Commands;
using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Notebooks.Engine;
using Interp.Notebooks.Files;

namespace Interp.Cli.Notebook;

/// <summary><c>interp notebook run</c>: runs notebooks in the terminal, without Jupyter.</summary>
internal sealed class NotebookRunCommand : InterpCommand
{
    private readonly Argument<string[]> _files = NotebookFiles.Argument();

    private readonly Option<bool> _solve = new("--solve")
    {
        Description = "Fill the exercises in with the solutions that lie beside the notebook",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Write the notebook with its outputs to this file (of one notebook)",
        HelpName = "FILE",
    };

    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "The most seconds that one cell may take",
        HelpName = "S",
        DefaultValueFactory = _ => 600,
    };

    public NotebookRunCommand(CommandContext context)
        : base("run", "Run notebooks from top to bottom in the terminal and print what their cells print.", context)
    {
        Add(_files);
        foreach (var option in (Option[])[_solve, _out, _timeout]) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp notebook run notebooks/walkthroughs/hooks-in-ten-minutes.ipynb", "the text of every output"),
        new("interp notebook run notebooks/lab2/transformer.ipynb --solve", "with every exercise solved"),
        new("interp notebook run mine.ipynb --out done.ipynb", "keep the outputs in another notebook"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var files = arguments.GetRequiredValue(_files);
        var target = arguments.GetValue(_out);
        if (target is not null && files.Length != 1)
            throw UserErrorException.Usage($"--out takes the outputs of one notebook, {files.Length} were given");
        var code = ExitCode.Ok;
        foreach (var file in files)
        {
            var notebook = NotebookFiles.Load(file);
            var options = new RunOptions
            {
                Solve = arguments.GetValue(_solve),
                CellTimeout = TimeSpan.FromSeconds(arguments.GetValue(_timeout)),
            };
            var run = NotebookSession.Run(notebook, options, Context);
            foreach (var cell in run.Cells) Print(cell);
            if (target is not null) notebook.Save(target);
            if (!NotebookSession.Report(notebook, run, Context)) code = ExitCode.Failure;
        }
        return code;
    }

    private void Print(RunCell cell)
    {
        if (cell.Text.Length == 0) return;
        var console = Context.Console;
        console.Line($"[{cell.Cell.ExecutionCount}]");
        foreach (var line in cell.Text.TrimEnd('\n').Split('\n')) console.Line($"    {line.TrimEnd('\r')}");
    }
}
