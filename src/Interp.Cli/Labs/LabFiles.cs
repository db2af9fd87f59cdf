using System.CommandLine;
using Interp.Cli.Notebook;
using Interp.Notebooks.Files;
using Interp.Notebooks.Labs;

namespace Interp.Cli.Labs;

/// <summary>The labs of the checkout, and the files in which somebody solves them.</summary>
internal static class LabFiles
{
    /// <summary>The folder of working copies unless another is named.</summary>
    public const string DefaultFolder = "lab";

    /// <summary><c>--in</c>: where the working copies are.</summary>
    public static Option<string> FolderOption() => new("--in")
    {
        Description = "The folder of your working copies",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => DefaultFolder,
    };

    /// <summary>Every lab.</summary>
    /// <exception cref="UserErrorException">The checkout is not there.</exception>
    public static IReadOnlyList<Lab> All()
    {
        var folder = Path.Combine(Jupyter.NotebooksFolder() ?? "", "lab2");
        return Directory.Exists(folder) ? Lab.All(folder) : throw new UserErrorException(
            $"the labs are notebooks of the checkout, and there is no folder notebooks/lab2 above {AppContext.BaseDirectory}; "
            + "run interp from a complete checkout");
    }

    /// <summary>Where somebody solves a lab in a folder: the C# file or the notebook, the later one; null where neither is.</summary>
    public static string? Started(Lab lab, string folder) =>
        new[] { ".cs", ".ipynb" }.Select(extension => Path.Combine(folder, lab.Name + extension)).Where(File.Exists)
            .MaxBy(File.GetLastWriteTimeUtc);

    /// <summary>The working copy of a lab: the one in the folder, else the notebook that ships, which may be solved in place.</summary>
    public static string PathOf(Lab lab, string folder) =>
        Started(lab, folder) ?? Path.GetRelativePath(Environment.CurrentDirectory, lab.Notebook.Path);

    /// <summary>Reads a working copy.</summary>
    /// <exception cref="UserErrorException">It is not there, or is none.</exception>
    public static WorkingCopy Load(string path, IReadOnlyList<Lab> labs)
    {
        if (!File.Exists(path)) throw new UserErrorException($"no file {path}; 'interp lab start LAB' writes one");
        try
        {
            return WorkingCopy.Load(path, labs);
        }
        catch (NotebookFormatException error)
        {
            throw new UserErrorException(error.Message);
        }
    }
}
