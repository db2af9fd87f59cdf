using Interp.Cli.Notebook;
using Interp.Reports.Tests.Browser;

namespace Interp.Cli.Tests.Notebook;

/// <summary>
/// A test with a page of Jupyter in a browser; skipped, with the reason, where the machine has not both. The page is that
/// of the classic notebook, which Debian and Ubuntu have.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LiveNotebookFactAttribute : FactAttribute
{
    public LiveNotebookFactAttribute() => Skip = Missing;

    /// <summary>What is missing, or null.</summary>
    public static string? Missing { get; } =
        Chromium.Path is null ? "no chromium or chrome on the PATH"
        : Jupyter.Find() is not { } program ? "no Jupyter on the PATH; apt-get install jupyter-notebook"
        : Path.GetFileNameWithoutExtension(program) != "jupyter-notebook" ? $"{program} has another page than the classic notebook"
        : new JupyterFactAttribute("notebook.notebookapp", "jupyter-notebook").Skip;
}
