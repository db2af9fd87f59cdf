using System.CommandLine;
using Interp.Cli.Commands;
using Interp.Cli.Help;

namespace Interp.Cli.Notebook;

/// <summary><c>interp notebook clear</c>: removes the outputs, as notebooks are committed.</summary>
internal sealed class NotebookClearCommand : InterpCommand
{
    private readonly Argument<string[]> _files = NotebookFiles.Argument();

    public NotebookClearCommand(CommandContext context)
        : base("clear", "Remove outputs and execution counts from notebooks, in place.", context) => Add(_files);

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp notebook clear notebooks/walkthroughs/*.ipynb", "before a commit"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        foreach (var file in arguments.GetRequiredValue(_files))
        {
            var notebook = NotebookFiles.Load(file);
            notebook.ClearOutputs();
            notebook.Save(file);
            Context.Console.Note($"cleared {file}");
        }
        return ExitCode.Ok;
    }
}
