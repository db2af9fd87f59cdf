using System.Diagnostics;

namespace Interp.Cli.Tests.Scripts;

/// <summary>The solution does not build the scripts in <c>analyses</c>, so this does, and runs them.</summary>
public sealed class AnalysesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-analyses-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_study_of_modular_addition_builds_and_runs()
    {
        var start = new ProcessStartInfo("dotnet", ["run", "-c", "Release", Repository.Path("analyses/modular-addition.cs"), "--", "--smoke", _folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(8));
        Assert.True(process.ExitCode == 0, await output + await error);
        Assert.Contains("key frequencies", await output);
        Assert.Contains("Losses", File.ReadAllText(Path.Combine(_folder, "modular-addition.html")));
    }
}
