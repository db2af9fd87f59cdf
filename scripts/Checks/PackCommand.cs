using System.Runtime.InteropServices;

namespace Interp.Checks;

/// <summary><c>scripts/pack</c>: packages of the libraries and of the tool, and a try of them outside the checkout.</summary>
internal sealed class PackCommand(Checkout checkout, IDotnet dotnet, TextWriter output)
{
    private const string Program = """
        using Interp.Circuits.Heads;
        using Interp.Models;
        using static TorchSharp.torch;

        Console.WriteLine($"{ones(2, 2).sum().item<float>()} {typeof(HookedTransformer).Name} {typeof(HeadScores).Name}");
        """;

    private static readonly string OwnSystem =
        (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-")
        + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    private readonly string _feed = Path.Combine(checkout.Root, "artifacts", "packages");

    /// <param name="systems">The systems whose tool is packed, such as <c>linux-x64</c>; none is that of this machine.</param>
    /// <returns>The exit code: 1 if packing or the try failed.</returns>
    public int Run(IReadOnlyList<string> systems)
    {
        if (Directory.Exists(_feed)) Directory.Delete(_feed, recursive: true);
        Directory.CreateDirectory(_feed);
        var tool = Path.Combine(checkout.Root, "src", "Interp.Cli");
        string[] chosen = systems.Count == 0 ? [OwnSystem] : [.. systems];
        var packed = Directory.EnumerateDirectories(Path.Combine(checkout.Root, "src")).Order(StringComparer.Ordinal).All(project => Pack(project))
            && chosen.All(system => Pack(tool, "-r", system, "-p:PublishReadyToRun=true"));
        if (!packed) return 1;
        foreach (var package in new DirectoryInfo(_feed).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
            output.WriteLine($"{package.Name,-50} {package.Length / 1e6,8:0.0} MB");
        return !chosen.Contains(OwnSystem) || Try() ? 0 : 1;
    }

    private bool Pack(string project, params string[] more) =>
        Do(checkout.Root, ["pack", project, "-c", "Release", "-o", _feed, "-nologo", "-v", "q", "-clp:NoSummary", "-tl:off", .. more]);

    /// <summary>An empty project and the tool, from the packages alone.</summary>
    private bool Try()
    {
        var folder = Directory.CreateTempSubdirectory("interp-packages-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "nuget.config"), Configuration());
            var version = Path.GetFileNameWithoutExtension(Directory.GetFiles(_feed, "Interp.Circuits.*.nupkg").Single())["Interp.Circuits.".Length..];
            string[][] steps =
            [
                ["new", "console", "-o", "app"],
                ["add", "app", "package", "Interp.Circuits", "--version", version],
                ["add", "app", "package", $"libtorch-cpu-{OwnSystem}", "--version", "2.10.0"],
                ["run", "--project", "app"],
                ["tool", "install", "interp", "--version", version, "--tool-path", "tools"],
            ];
            foreach (var step in steps)
            {
                if (step[0] == "run") File.WriteAllText(Path.Combine(folder, "app", "Program.cs"), Program);
                if (!Do(folder, step)) return false;
                output.WriteLine($"ok: dotnet {string.Join(' ', step)}");
            }

            var tool = Dotnet.Start(Path.Combine(folder, "tools", "interp"), ["info", "stories"], new Dictionary<string, string>(), folder);
            output.WriteLine(tool.ExitCode == 0 ? "ok: interp info stories" : $"{tool.Output}FAILED: interp info stories");
            return tool.ExitCode == 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The feed beside the user's own; packages go into a folder of the try, except those that the machine has.</summary>
    private string Configuration()
    {
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <fallbackPackageFolders><add key="machine" value="{cache}" /></fallbackPackageFolders>
              <packageSources><add key="packed" value="{_feed}" /></packageSources>
            </configuration>
            """;
    }

    private bool Do(string folder, string[] arguments)
    {
        var run = dotnet.Run(arguments, folder: folder);
        if (run.ExitCode == 0) return true;
        output.Write(run.Output);
        output.WriteLine($"FAILED: dotnet {string.Join(' ', arguments)}");
        return false;
    }
}
