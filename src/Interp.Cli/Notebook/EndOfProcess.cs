using Interp.Cli.Output;

namespace Interp.Cli.Notebook;

/// <summary>A cell that ends the process (<c>Environment.Exit</c>) would otherwise end the command without a word.</summary>
internal sealed class EndOfProcess : IDisposable
{
    private readonly CliConsole _console;

    /// <param name="console">Where it is said.</param>
    public EndOfProcess(CliConsole console)
    {
        _console = console;
        AppDomain.CurrentDomain.ProcessExit += Say;
    }

    /// <summary>What runs: a cell, a line of a file.</summary>
    public string What { get; set; } = "";

    /// <inheritdoc/>
    public void Dispose() => AppDomain.CurrentDomain.ProcessExit -= Say;

    private void Say(object? sender, EventArgs e)
    {
        _console.Error($"{What} ended the process");
        if (Environment.ExitCode == 0) Environment.ExitCode = ExitCode.Failure;
    }
}
