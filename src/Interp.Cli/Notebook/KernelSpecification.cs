using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Interp.Notebooks.Protocol;
using Interp.Weights;

namespace Interp.Cli.Notebook;

/// <summary>Registers the kernel: a folder <c>kernels/interp-csharp</c> with <c>kernel.json</c>, where front ends look.</summary>
internal static class KernelSpecification
{
    private static readonly string[] Carried = ["INTERP_BRIDGE", "LD_LIBRARY_PATH"];

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// The folder of this account that Jupyter and VS Code look in: <c>JUPYTER_DATA_DIR</c>, else the platform's.
    /// </summary>
    public static string DataFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } named) return named;
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Jupyter");
            return OperatingSystem.IsWindows()
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter")
                : Path.Combine(Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data
                    : Path.Combine(home, ".local", "share"), "jupyter");
        }
    }

    /// <summary>Writes the specification below a folder.</summary>
    /// <returns>The folder of the kernel.</returns>
    public static string Write(string dataFolder)
    {
        var folder = Path.Combine(dataFolder, "kernels", KernelInfo.Name);
        Directory.CreateDirectory(folder);
        var json = KernelInfo.Specification(Command(), Variables());
        AtomicFile.Write(Path.Combine(folder, "kernel.json"),
            file => file.Write(Encoding.UTF8.GetBytes(json.ToJsonString(Layout) + "\n")));
        return folder;
    }

    /// <summary>
    /// What the kernel needs of the environment. An editor that was started from a desktop has not what a shell sets, so
    /// what this process found libtorch with is written down.
    /// </summary>
    private static Dictionary<string, string> Variables()
    {
        // Cells run beside a browser and an editor: threads that wait should sleep.
        var variables = new Dictionary<string, string> { ["OMP_WAIT_POLICY"] = "PASSIVE", ["DOTNET_TieredPGO"] = "0" };
        foreach (var name in Carried)
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) variables[name] = value;
        return variables;
    }

    /// <summary>How this program is started: as an executable of its own, or by <c>dotnet</c>.</summary>
    private static IEnumerable<string> Command()
    {
        var program = Environment.ProcessPath!;
        var assembly = typeof(KernelSpecification).Assembly.Location;
        string[] start = Path.GetFileNameWithoutExtension(program) == Path.GetFileNameWithoutExtension(assembly)
            ? [program] : ["dotnet" == Path.GetFileNameWithoutExtension(program) ? program : "dotnet", assembly];
        return [.. start, "notebook", "kernel"];
    }
}
