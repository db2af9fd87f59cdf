using System.Diagnostics;

namespace Interp.Cli.Tests.Scripts;

/// <summary>
/// A small checkout with the real wrappers and a fake dotnet, which records its calls, "builds" by touching the program
/// and "runs" a program by printing its arguments.
/// </summary>
internal sealed class FakeCheckout : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("interp-checkout-").FullName;

    public FakeCheckout()
    {
        foreach (var folder in new[] { "bin", "scripts", "src/Interp.Cli", "src/Interp" }) Directory.CreateDirectory(Path(folder));
        foreach (var file in new[]
            { "interp", "test", "scripts/start.sh", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json" })
            File.Copy(Repository.Path(file), Path(file));
        Write("src/Interp.Cli/Program.cs", "// source");
        Write("bin/dotnet", $$"""
            #!/bin/sh
            echo "$*" >>"{{_root}}/calls"
            case "$1" in
              build)
                sleep 0.2
                [ ! -e "{{_root}}/broken" ] || { echo "error CS1002: ; expected"; exit 1; }
                mkdir -p "{{_root}}/src/Interp.Cli/bin/Release/net10.0" "{{_root}}/src/Interp/obj/Release"
                touch "{{_root}}/src/Interp.Cli/bin/Release/net10.0/Interp.Cli.dll" ;;
              *.dll) shift; printf '<%s>' "$@" ;;
            esac
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path("bin/dotnet"), (UnixFileMode)0b111_101_101);
    }

    /// <summary>What dotnet was asked for, one call a line.</summary>
    public string[] Calls => File.Exists(Path("calls")) ? File.ReadAllLines(Path("calls")) : [];

    public string Path(string relative) => System.IO.Path.Combine(_root, relative);

    public void Write(string relative, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(relative))!);
        File.WriteAllText(Path(relative), text);
    }

    /// <summary>Starts a script of the checkout, by its path or through a link to it.</summary>
    public Process Start(string script, params string[] args) => Start(script, args, $"{Path("bin")}:/usr/bin:/bin");

    public Process Start(string script, string[] args, string path)
    {
        var start = new ProcessStartInfo("/bin/sh", [script, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = _root;
        foreach (var variable in new[] { "DOTNET_ROOT", "Cuda" }) start.Environment.Remove(variable);
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public (int Code, string Output, string Error) Run(string script, params string[] args)
    {
        using var process = Start(script, args);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
