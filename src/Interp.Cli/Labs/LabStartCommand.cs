using System.CommandLine;
using System.Text;
using Interp.Cli.Commands;
using Interp.Cli.Help;
using Interp.Notebooks.Labs;
using Interp.Weights;

namespace Interp.Cli.Labs;

/// <summary><c>interp lab start</c>: writes a lab as one C# file for an editor.</summary>
internal sealed class LabStartCommand : InterpCommand
{
    private readonly Argument<string> _lab = new("LAB") { Description = "The lab: transformer or 2a" };

    private readonly Option<string> _to = new("--to", "--in")
    {
        Description = "The folder that the file is written into",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => LabFiles.DefaultFolder,
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace the file if it is there; what you wrote in it is lost" };

    public LabStartCommand(CommandContext context)
        : base("start", "Write a lab as one C# file: theory, given code, and a gap for each exercise.", context)
    {
        Add(_lab);
        foreach (var option in (Option[])[_to, _force]) Add(option);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("interp lab start transformer", $"{LabFiles.DefaultFolder}/transformer.cs, to be opened in an editor"),
        new("interp lab start 2b --to ~/course", "the second lab, in another folder"),
    ];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments)
    {
        if (LabTarget.Parse(arguments.GetRequiredValue(_lab), null, LabFiles.All()) is not { Lab: { } lab, Exercise: null, File: null })
            throw UserErrorException.Usage("a lab is started as a whole: name it, as in 'interp lab start transformer'");
        var folder = arguments.GetRequiredValue(_to);
        var file = Path.Combine(folder, lab.Name + ".cs");
        var isThere = File.Exists(file);
        if (isThere && !arguments.GetValue(_force))
            throw new UserErrorException($"{file} is there already, and nothing was written; "
                + "--to FOLDER writes elsewhere, --force replaces the file and what you wrote in it");
        Directory.CreateDirectory(folder);
        var text = LabSource.Write(lab, ProjectFrom(lab, folder));
        Context.Cancellation.ThrowIfCancellationRequested();
        AtomicFile.Write(file, target => target.Write(Encoding.UTF8.GetBytes(text)));
        Context.Console.Line(file);
        if (isThere) Context.Console.Note($"replaced {file}");
        var check = folder == LabFiles.DefaultFolder ? lab.Name : file;
        Context.Console.Note($"{lab.Exercises.Count} exercises; mark them with: interp lab check {check}");
        return ExitCode.Ok;
    }

    /// <summary>The project whose names the editor completes, as the file refers to it.</summary>
    private static string ProjectFrom(Lab lab, string folder)
    {
        var checkout = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(lab.Notebook.Path)!, "..", ".."));
        var project = Path.Combine(checkout, "src", "Interp.Notebooks", "Interp.Notebooks.csproj");
        return Path.GetRelativePath(Path.GetFullPath(folder), project).Replace('\\', '/');
    }
}
