using System.CommandLine;
using System.CommandLine.Invocation;
using Interp.Cli.Output;

namespace Interp.Cli.Help;

/// <summary>What <c>--help</c> does, on every command.</summary>
internal sealed class HelpAction(CliConsole console) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult) => HelpWriter.Write(parseResult.CommandResult.Command, console);
}
