using System.Diagnostics;

namespace Interp.Cli.Tests.Analyses;

/// <summary>Every script in <c>analyses/</c>, built and run as a user does, on few examples.</summary>
public sealed class AnalysesTests
{
    public static TheoryData<string> Scripts =>
        [.. Directory.EnumerateFiles(Repository.Path("analyses"), "*.cs").Select(file => Path.GetFileName(file)!).Order()];

    [Theory, MemberData(nameof(Scripts))]
    public async Task Every_script_runs_and_writes_its_report(string script)
    {
        var folder = Directory.CreateTempSubdirectory("interp-analysis-").FullName;
        try
        {
            var page = Path.Combine(folder, "report.html");
            var start = new ProcessStartInfo("dotnet", ["run", "-c", "Release", Path.Combine("analyses", script), "--", "--smoke", "--out", page])
            {
                WorkingDirectory = Repository.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"{script}: exit code {process.ExitCode}\n{await output}\n{await error}");
            Assert.Contains("</html>", await File.ReadAllTextAsync(page));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
