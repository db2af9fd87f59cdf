using System.Diagnostics;

namespace Interp.Cli.Tests.Scripts;

/// <summary>
/// A folder that looks like a checkout on another machine: the set-up script sees only the programs put on its PATH.
/// The fake apt-get records its calls and "installs" by writing files that the fake dpkg-query reads.
/// </summary>
internal sealed class FakeMachine : IDisposable
{
    private static readonly string[] RealTools =
    [
        "bash", "cat", "chmod", "dirname", "env", "flock", "grep", "gzip", "mkdir", "mktemp", "mv", "readlink", "rm", "sha256sum", "tail",
        "tar", "timeout", "touch", "true", "uname",
    ];

    private readonly string _root = Directory.CreateTempSubdirectory("interp-setup-").FullName;

    public FakeMachine(bool apt = true)
    {
        Directory.CreateDirectory(Path("bin"));
        Directory.CreateDirectory(Path("installed"));
        Directory.CreateDirectory(Path("checkout/scripts"));
        File.Copy(Repository.Path("scripts/setup.sh"), Path("checkout/scripts/setup.sh"));
        foreach (var tool in RealTools)
        {
            var found = new[] { "/usr/bin", "/bin" }.Select(folder => System.IO.Path.Combine(folder, tool)).First(File.Exists);
            File.CreateSymbolicLink(Path($"bin/{tool}"), found);
        }

        AddProgram("dotnet", "exit 0");
        AddProgram("sudo", """[[ "$1" != -n ]] || shift; exec "$@" """); // the tests need not run as root
        if (!apt) return;
        AddProgram("apt-cache", """echo "  Candidate: 1.0" """);
        AddProgram("apt-get", $$"""
            echo "apt-get $*" >>"{{_root}}/calls"
            case "$*" in *update*) exit 0 ;; esac
            [[ ! -e "{{_root}}/apt-broken" ]] || { echo "E: no network" >&2; exit 100; }
            for word in "$@"; do
              case "$word" in
                g++) printf '#!/bin/bash\n' >"{{_root}}/bin/g++"; chmod +x "{{_root}}/bin/g++" ;;
                lib*) touch "{{_root}}/installed/$word" "{{_root}}/installed/libtorch_cpu.so" ;;
              esac
            done
            """);
        AddProgram("dpkg-query", $$"""
            case "$*" in
              *-L*libtorch-dev) echo "{{_root}}/installed/libtorch_cpu.so" ;;
              *-W*) [[ -e "{{_root}}/installed/${@: -1}" ]] && printf installed ;;
            esac
            """);
    }

    public string Path(string relative) => System.IO.Path.Combine(_root, relative);

    /// <summary>What apt-get was asked for, one call a line.</summary>
    public string AptCalls => File.Exists(Path("calls")) ? File.ReadAllText(Path("calls")) : "";

    public void AddProgram(string name, string body)
    {
        File.WriteAllText(Path($"bin/{name}"), $"#!/bin/bash\n{body}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path($"bin/{name}"), (UnixFileMode)0b111_101_101);
    }

    /// <summary>Runs the set-up script, not on a terminal.</summary>
    public (int Code, string Output, string Error) SetUp(params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("/bin/bash", [Path("checkout/scripts/setup.sh")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Path("bin");
        start.Environment["HOME"] = _root;
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
