using System.Diagnostics;

namespace Interp.Cli.Tests.Commands;

/// <summary>The command line as its own process, stopped as Ctrl+C stops it.</summary>
public sealed class InterruptTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("interp-stop-").FullName, "run");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task Training_that_is_interrupted_writes_a_checkpoint_says_how_to_go_on_and_ends_with_130()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ExitCode).Assembly.Location, "train", "induction", "--out", _folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        Assert.StartsWith("training in ", await process.StandardError.ReadLineAsync(limit.Token));
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString()]))
            await kill.WaitForExitAsync(limit.Token);
        var rest = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);

        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        Assert.Contains($"interp train induction --out {_folder} --resume", rest);
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "checkpoints"), "*.safetensors"));
    }
}
