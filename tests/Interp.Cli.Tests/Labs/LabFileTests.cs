using System.Diagnostics;

namespace Interp.Cli.Tests.Labs;

/// <remarks>Not beside tests that measure processes: the build may touch the library that they load.</remarks>
[Collection("Processes that build or are measured")]
public sealed class LabFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-lab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_file_that_start_writes_builds_as_a_program_which_is_what_editors_need()
    {
        Assert.Equal(ExitCode.Ok, CliRun.Of("lab", "start", "superposition", "--to", _folder).Code);
        var file = Path.Combine(_folder, "superposition.cs");
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["build", file, "-c", "Release"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _folder,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(8));
        Assert.True(process.ExitCode == 0, output);
        Assert.DoesNotContain("superposition.cs(", output); // an editor shows no warning either
    }
}
