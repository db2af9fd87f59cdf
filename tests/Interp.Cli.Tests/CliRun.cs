using Interp.Cli.Output;

namespace Interp.Cli.Tests;

/// <summary>Runs a command line in this process and keeps what it writes.</summary>
internal sealed record CliRun(int Code, string Output, string Error)
{
    public static CliRun Of(params string[] args) => Of(TerminalInfo.None, args);

    public static CliRun Of(TerminalInfo terminal, params string[] args)
    {
        var (data, notes) = (new StringWriter(), new StringWriter());
        var console = new CliConsole(data, notes, terminal);
        var code = CommandLine.Run(args, new CommandContext(console, TimeProvider.System, CancellationToken.None));
        console.Flush();
        return new CliRun(code, data.ToString(), notes.ToString());
    }
}
