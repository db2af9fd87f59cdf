using Interp.Cli.Help;
using Interp.Cli.Output;
using Interp.Notebooks.Docs;

namespace Interp.Cli.Tests.Docs;

/// <summary>The site of this checkout, made once for all tests.</summary>
public sealed class WholeSite
{
    internal DocSite Site { get; } = DocSite.Make(Repository.Root, ApiSymbols.ToolkitFiles, CommandPage.Write(new InterpRootCommand(new CommandContext(
        new CliConsole(TextWriter.Null, TextWriter.Null, TerminalInfo.None), TimeProvider.System, CancellationToken.None))),
        run: null, CancellationToken.None);

    internal string Text(string path) => Site.Files.Single(file => file.Path == path).Text;
}
