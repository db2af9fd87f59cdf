using System.CommandLine;
using Interp.Cli.Commands;
using Interp.Cli.Help;

namespace Interp.Cli.Notebook;

/// <summary><c>interp notebook install</c>: registers the kernel for this account.</summary>
internal sealed class NotebookInstallCommand : InterpCommand
{
    private readonly Option<string?> _folder = new("--to")
    {
        Description = "The data folder of Jupyter to write into, in place of this account's",
        HelpName = "FOLDER",
    };

    public NotebookInstallCommand(CommandContext context)
        : base("install", "Register the C# kernel for VS Code and for every Jupyter of this account.", context) => Add(_folder);

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp notebook install", "then choose the kernel 'C# (Interp)' in VS Code or Jupyter"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var folder = KernelSpecification.Write(arguments.GetValue(_folder) ?? KernelSpecification.DataFolder);
        Context.Console.Line(folder);
        return ExitCode.Ok;
    }
}
