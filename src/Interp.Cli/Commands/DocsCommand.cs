using System.CommandLine;
using System.Diagnostics;
using Interp.Cli.Help;
using Interp.Cli.Hub;
using Interp.Cli.Notebook;
using Interp.Notebooks.Docs;
using Interp.Notebooks.Files;

namespace Interp.Cli.Commands;

/// <summary><c>interp docs</c>: the documentation as plain pages.</summary>
internal sealed class DocsCommand : InterpCommand
{
    private const string DefaultFolder = "reports/docs";

    private readonly Option<string> _to = new("--to")
    {
        Description = "The folder of the pages; what this command wrote there before is replaced",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => DefaultFolder,
    };

    private readonly Option<bool> _run = new("--run")
    {
        Description = "Run the walkthroughs and show their outputs; notebooks with exercises stay as they are",
    };

    private readonly Option<bool> _open = new("--open") { Description = "Open the first page in the browser" };

    public DocsCommand(CommandContext context)
        : base("docs", "Write the documentation as pages that open offline: guide, notebooks, commands, every type.", context)
    {
        foreach (var option in (Option[])[_to, _run, _open]) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp docs --open", $"writes the pages to {DefaultFolder} and opens the first"),
        new("interp docs --to site --run", "in another folder, with the outputs of the walkthroughs"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var folder = arguments.GetRequiredValue(_to);
        DocSite.Ready(Path.GetFullPath(folder), folder); // before the work, not after it
        var start = Context.Clock.GetTimestamp();
        var site = DocSite.Make(Checkout(), ApiSymbols.ToolkitFiles, CommandPage.Write(new InterpRootCommand(Context)),
            arguments.GetValue(_run) ? RunNotebook : null, Context.Cancellation);
        foreach (var problem in site.Problems) Context.Console.Error(problem);
        if (site.Problems.Count > 0)
            throw new UserErrorException($"nothing is written: {site.Problems.Count} links or references of the documentation are wrong, see above");
        var bytes = site.Write(folder);
        var first = Path.Combine(folder, "index.html");
        Context.Console.Line(first);
        Context.Console.Note($"{site.Pages.Count} pages, {ByteSize.Format(bytes)}, in {Context.Clock.GetElapsedTime(start).TotalSeconds:0.0} s; {site.Coverage}");
        foreach (var name in site.Coverage.Missing) Context.Console.Warn($"{name} is not documented");
        if (arguments.GetValue(_open)) Open(Path.GetFullPath(first));
        return ExitCode.Ok;
    }

    private bool RunNotebook(NotebookFile notebook)
    {
        if (notebook.Cells.Any(cell => cell.Role == CellRole.Exercise)) return false;
        var run = NotebookSession.Run(notebook, new RunOptions(), Context);
        if (!NotebookSession.Report(notebook, run, Context)) throw new UserErrorException($"{notebook.Path} did not run to its end; mend it, or leave --run away");
        return true;
    }

    private void Open(string page)
    {
        try
        {
            // Without the shell there is no program for pages on Linux and macOS.
            var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(page) { UseShellExecute = true }
                : new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [page]);
            using var browser = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Context.Console.Warn($"no program opens pages on this machine; open {page} by hand");
        }
    }

    private static string Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, SourcePages.Docs, "index.md"))) return folder.FullName;
        throw new UserErrorException($"no docs/index.md at or above {AppContext.BaseDirectory}; run from a complete checkout");
    }
}
