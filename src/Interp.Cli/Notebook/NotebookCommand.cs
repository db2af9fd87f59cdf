using System.CommandLine;
using System.Diagnostics;
using Interp.Cli.Commands;
using Interp.Cli.Help;

namespace Interp.Cli.Notebook;

/// <summary><c>interp notebook</c>: opens Jupyter with the C# kernel; below it, commands that do without Jupyter.</summary>
internal sealed class NotebookCommand : InterpCommand
{
    private readonly Argument<string?> _path = new("PATH")
    {
        Description = "A folder or a notebook to open; the folder notebooks of the checkout where none is given",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _noBrowser = new("--no-browser") { Description = "Print the address and open no browser" };
    private readonly Option<int?> _port = new("--port") { Description = "The port that Jupyter listens at", HelpName = "N" };

    public NotebookCommand(CommandContext context)
        : base("notebook", "Open Jupyter with the C# kernel and the notebooks; or run and export them without it.", context)
    {
        Add(_path);
        foreach (var option in (Option[])[_noBrowser, _port]) Add(option);
        foreach (var command in (Command[])
                 [
                     new NotebookRunCommand(context), new NotebookExportCommand(context), new NotebookClearCommand(context),
                     new NotebookInstallCommand(context), new NotebookKernelCommand(context),
                 ])
            Add(command);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp notebook", "Jupyter in the browser, with the notebooks that ship"),
        new("interp notebook run notebooks/walkthroughs/hooks-in-ten-minutes.ipynb", "in the terminal, without Jupyter"),
        new("interp notebook export notebooks/walkthroughs/*.ipynb", "pages that open offline"),
        new("interp notebook install", "the kernel for VS Code and other Jupyters"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        var jupyter = Jupyter.Find() ?? throw new UserErrorException(
            "Jupyter was not found; on Debian or Ubuntu: apt-get install jupyter-notebook (elsewhere: pip install notebook). "
            + "Without it: 'interp notebook run FILE' runs a notebook in the terminal, 'interp notebook export FILE' writes a page");
        var path = arguments.GetValue(_path) ?? Jupyter.NotebooksFolder() ?? Environment.CurrentDirectory;
        if (!Path.Exists(path)) throw new UserErrorException($"no folder or notebook {path}");
        var start = Jupyter.Start(jupyter, path, arguments.GetValue(_noBrowser), arguments.GetValue(_port));
        Context.Console.Note($"starting {Path.GetFileName(jupyter)} in {path}; Ctrl+C ends it");
        using var process = Process.Start(start)!;
        process.WaitForExit(); // Ctrl+C reaches it too, and it asks by itself
        return process.ExitCode == 0 || Context.Cancellation.IsCancellationRequested ? ExitCode.Ok : ExitCode.Failure;
    }
}
