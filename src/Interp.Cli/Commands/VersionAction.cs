using System.CommandLine;
using System.CommandLine.Invocation;
using Interp.Cli.Output;

namespace Interp.Cli.Commands;

/// <summary>What <c>--version</c> does: the versions of the toolkit, .NET, the engine and libtorch.</summary>
internal sealed class VersionAction(CliConsole console) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var version = typeof(VersionAction).Assembly.GetName().Version!;
        console.Line($"interp {version.ToString(3)} (.NET {Environment.Version})");
        return ExitCode.Ok;
    }
}
