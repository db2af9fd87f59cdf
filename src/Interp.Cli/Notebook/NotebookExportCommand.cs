using System.CommandLine;
using System.Text;
using Interp.Cli.Commands;
using Interp.Cli.Help;
using Interp.Notebooks.Files;
using Interp.Weights;

namespace Interp.Cli.Notebook;

/// <summary><c>interp notebook export</c>: runs notebooks and writes them as pages that open offline.</summary>
internal sealed class NotebookExportCommand : InterpCommand
{
    private const string DefaultFolder = "reports";
    private readonly Argument<string[]> _files = NotebookFiles.Argument();

    private readonly Option<string> _to = new("--to")
    {
        Description = "The folder of the pages",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => DefaultFolder,
    };

    private readonly Option<bool> _solve = new("--solve")
    {
        Description = "Fill the exercises in with the solutions that lie beside the notebook",
    };

    public NotebookExportCommand(CommandContext context)
        : base("export", "Run notebooks and write each as an HTML page that opens offline.", context)
    {
        Add(_files);
        foreach (var option in (Option[])[_to, _solve]) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp notebook export notebooks/walkthroughs/*.ipynb", $"pages in {DefaultFolder}, with all outputs"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var folder = arguments.GetRequiredValue(_to);
        Directory.CreateDirectory(folder);
        var code = ExitCode.Ok;
        foreach (var file in arguments.GetRequiredValue(_files))
        {
            var notebook = NotebookFiles.Load(file);
            var run = NotebookSession.Run(notebook, new RunOptions { Solve = arguments.GetValue(_solve) }, Context);
            // A page of a notebook that failed shows where: it is written all the same.
            var page = Path.Combine(folder, Path.GetFileNameWithoutExtension(file) + ".html");
            AtomicFile.Write(page, target => target.Write(Encoding.UTF8.GetBytes(NotebookPage.Write(notebook))));
            Context.Console.Line(page);
            if (!NotebookSession.Report(notebook, run, Context)) code = ExitCode.Failure;
        }
        return code;
    }
}
