using System.CommandLine;
using Interp.Cli.Commands;
using Interp.Cli.Help;
using Interp.Notebooks.Protocol;

namespace Interp.Cli.Notebook;

/// <summary><c>interp notebook kernel</c>: the kernel itself; Jupyter starts it, nobody else needs to.</summary>
internal sealed class NotebookKernelCommand : InterpCommand
{
    private readonly Argument<string> _connection = new("CONNECTION_FILE") { Description = "The file that the front end has written" };

    public NotebookKernelCommand(CommandContext context)
        : base("kernel", "Serve a front end such as Jupyter, which starts this command by itself.", context) => Add(_connection);

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp notebook kernel connection.json", "what the registered kernel runs"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var connection = ConnectionFile.Read(arguments.GetRequiredValue(_connection));
        using var kernel = new KernelServer(connection, clock: Context.Clock);
        kernel.Run();
        return ExitCode.Ok;
    }
}
