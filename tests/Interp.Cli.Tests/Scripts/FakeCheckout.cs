using System.Diagnostics;

namespace Interp.Cli.Tests.Scripts;

/// <summary>
/// A small checkout with the real wrapper scripts and a fake dotnet, which records its calls, "builds" by touching the
/// command line's dll and "tests" by writing the result files that a test has prepared.
/// </summary>
internal sealed class FakeCheckout : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("interp-checkout-").FullName;

    public FakeCheckout()
    {
        foreach (var folder in new[] { "bin", "scripts", "src/Interp.Cli", "tests" }) Directory.CreateDirectory(Path(folder));
        foreach (var file in new[] { "interp", "test", "scripts/build.sh", "Directory.Build.props", "Directory.Packages.props", "global.json" })
            File.Copy(Repository.Path(file), Path(file));
        Write("scripts/setup.sh", "exit 0");
        Write("src/Interp.Cli/Program.cs", "// source");
        Write("bin/dotnet", $$"""
            #!/bin/bash
            echo "$*" >>"{{_root}}/calls"
            case "$1" in
              build)
                sleep 0.2
                [[ ! -e "{{_root}}/broken" ]] || { echo "error CS1002: ; expected"; exit 1; }
                mkdir -p "{{_root}}/src/Interp.Cli/bin/Release/net10.0"
                touch "{{_root}}/src/Interp.Cli/bin/Release/net10.0/Interp.Cli.dll" ;;
              test)
                name=$(basename "$2" .dll)
                mkdir -p "{{_root}}/.setup/results"
                [[ ! -e "{{_root}}/$name.trx" ]] || cp "{{_root}}/$name.trx" "{{_root}}/.setup/results/$name.trx"
                [[ ! -e "{{_root}}/$name.log" ]] || cat "{{_root}}/$name.log"
                exit "$(cat "{{_root}}/$name.code" 2>/dev/null || echo 0)" ;;
              format) [[ ! -e "{{_root}}/unformatted" ]] || { echo "T.cs(1,1): error WHITESPACE"; exit 2; } ;;
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

    /// <summary>Adds a test project whose run will end with these outcomes.</summary>
    public void AddTests(string name, int exitCode, string log, params string[] outcomes)
    {
        Write($"tests/{name}/Tests.cs", "    [Fact]\n    public void A() { }\n");
        Write($"tests/{name}/bin/Release/net10.0/{name}.dll", "");
        Write($"{name}.code", exitCode.ToString());
        Write($"{name}.log", log);
        if (outcomes.Length == 0) return;
        Write($"{name}.trx", string.Concat(outcomes.Select((outcome, i) =>
            $"    <UnitTestResult testName=\"T{i}\" outcome=\"{outcome}\">\n      <Output>\n        <ErrorInfo>\n"
            + "          <Message>it&apos;s not here</Message>\n        </ErrorInfo>\n      </Output>\n    </UnitTestResult>\n")));
    }

    /// <summary>Starts a script of the checkout, by its path or through a link to it.</summary>
    public Process Start(string script, params string[] args)
    {
        var start = new ProcessStartInfo("/bin/bash", [script, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["PATH"] = $"{Path("bin")}:/usr/bin:/bin";
        start.Environment.Remove("LIBTORCH");
        start.Environment.Remove("NO_FORMAT");
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
