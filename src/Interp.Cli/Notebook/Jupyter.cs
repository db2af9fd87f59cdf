using System.Diagnostics;

namespace Interp.Cli.Notebook;

/// <summary>The Jupyter of this machine.</summary>
internal static class Jupyter
{
    private static readonly string[] Programs = ["jupyter-lab", "jupyter-notebook"];

    /// <summary>The program that opens notebooks, or null: JupyterLab where it is, else the classic notebook.</summary>
    public static string? Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return (from name in Programs
                from folder in folders
                let path = Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)
                where File.Exists(path)
                select path).FirstOrDefault();
    }

    /// <summary>The folder <c>notebooks</c> of the checkout, or null.</summary>
    public static string? NotebooksFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var notebooks = Path.Combine(folder.FullName, "notebooks");
            if (File.Exists(Path.Combine(notebooks, "README.md"))) return notebooks;
        }
        return null;
    }

    /// <summary>How it is started: the kernel is registered for this run alone, nothing in the account is changed.</summary>
    public static ProcessStartInfo Start(string program, string path, bool noBrowser, int? port)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        start.ArgumentList.Add(Path.GetFullPath(path));
        if (noBrowser) start.ArgumentList.Add("--no-browser");
        if (port is { } number) start.ArgumentList.Add($"--port={number}");
        if (OperatingSystem.IsLinux() && Environment.UserName == "root") start.ArgumentList.Add("--allow-root");
        var data = Path.Combine(AppContext.BaseDirectory, "jupyter");
        KernelSpecification.Write(data);
        var others = Environment.GetEnvironmentVariable("JUPYTER_PATH");
        start.Environment["JUPYTER_PATH"] = string.IsNullOrEmpty(others) ? data : data + Path.PathSeparator + others;
        return start;
    }
}
