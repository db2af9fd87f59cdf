using Interp.Cli.Docs;
using Interp.Cli.Output;

namespace Interp.Cli.Tests.Docs.Site;

/// <summary>The site of this checkout, made once for all tests.</summary>
public sealed class WholeSite
{
    internal DocSite Site { get; } = DocSite.Make(Repository.Root, ApiSymbols.ToolkitFiles, new InterpRootCommand(new CommandContext(
        new CliConsole(TextWriter.Null, TextWriter.Null, TerminalInfo.None), TimeProvider.System, CancellationToken.None)),
        run: null, CancellationToken.None);

    internal string Text(string path) => Site.Files.Single(file => file.Path == path).Text;
}
