using System.CommandLine;
using Interp.Notebooks.Files;

namespace Interp.Cli.Notebook;

/// <summary>The notebooks that a command is given.</summary>
internal static class NotebookFiles
{
    /// <summary>One notebook or more.</summary>
    public static Argument<string[]> Argument() => new("FILE")
    {
        Description = "Notebooks (.ipynb)",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Reads one.</summary>
    /// <exception cref="UserErrorException">It is not there, or is no notebook.</exception>
    public static NotebookFile Load(string path)
    {
        if (!File.Exists(path)) throw new UserErrorException($"no notebook {path}; give the path of an .ipynb file");
        try
        {
            return NotebookFile.Load(path);
        }
        catch (NotebookFormatException error)
        {
            throw new UserErrorException(error.Message);
        }
    }
}
