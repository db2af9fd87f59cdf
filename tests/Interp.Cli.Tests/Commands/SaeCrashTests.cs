using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Interp.Cli.Tests.Hub;

namespace Interp.Cli.Tests.Commands;

/// <summary>Training of dictionaries and harvests in processes of their own that are killed, interrupted, or find the
/// disk full.</summary>
public sealed class SaeCrashTests : IDisposable
{
    private const string Hook = "blocks.0.hook_resid_post";
    private const int Steps = 400, Shards = 120;

    private static readonly (string, string)[] Environment = [("OMP_WAIT_POLICY", "PASSIVE")];

    private readonly TinyModel _model = new();
    private readonly Random _random = new(7);
    private readonly string _text;

    public SaeCrashTests()
    {
        _text = In("words.txt");
        string[] words = ["red", "green", "blue"];
        File.WriteAllText(_text, string.Join(' ', Enumerable.Range(0, 4000).Select(i => words[i * i % 7 % 3])));
    }

    public void Dispose() => _model.Dispose();

    [Fact]
    public async Task Training_killed_at_ten_random_moments_and_resumed_ends_with_the_same_bytes()
    {
        var whole = CliRun.Of(Train("whole"));
        Assert.True(whole.Code == ExitCode.Ok, whole.Error);
        var arguments = Train("killed");
        foreach (var moment in Moments(10, Steps - 20))
        {
            using var process = new ChildProcess(Environment, arguments);
            await UntilAsync(() => LastStep("killed") >= moment, $"step {moment}");
            await Task.Delay(_random.Next(0, 15));
            process.Kill();
            arguments = ["sae", "train", "--out", In("killed"), "--resume"];
        }

        await EndsAsync(arguments);
        Assert.Equal(Bytes("whole"), Bytes("killed"));
    }

    [Fact]
    public async Task A_harvest_killed_at_ten_random_moments_and_taken_up_again_ends_with_the_same_bytes()
    {
        var whole = CliRun.Of(Harvest("whole"));
        Assert.True(whole.Code == ExitCode.Ok, whole.Error);
        foreach (var moment in Moments(10, Shards - 20))
        {
            using var process = new ChildProcess(Environment, Harvest("killed"));
            await UntilAsync(() => Directory.Exists(In("killed"))
                && Directory.GetFiles(In("killed"), "*.safetensors").Length >= moment, $"file {moment}");
            await Task.Delay(_random.Next(0, 5));
            process.Kill();
        }

        await EndsAsync(Harvest("killed"));
        Assert.Equal(Bytes("whole"), Bytes("killed"));

        // What was harvested can be trained from, and the run says where it was.
        var trained = CliRun.Of("sae", "train", "--activations", In("whole"), "--k", "3", "--width", "4x", "--batch",
            "64", "--steps", "5", "--out", In("run"));
        Assert.True(trained.Code == ExitCode.Ok, trained.Error);
        var again = CliRun.Of("sae", "train", "--out", In("run"), "--resume");
        Assert.True(again.Code == ExitCode.Ok, again.Error);
        Assert.Contains("\"activations\": \"" + In("whole"), File.ReadAllText(In("run/config.json")));
    }

    [LinuxTheory]
    [InlineData(4, "cannot be written")] // in 1,024 bytes: more than metrics and less than a checkpoint
    public async Task A_full_disk_is_one_error_and_loses_no_checkpoint(int most, string named)
    {
        var whole = CliRun.Of(Train("whole"));
        Assert.True(whole.Code == ExitCode.Ok, whole.Error);
        using (var process = new ChildProcess(Environment, Train("full")))
        {
            await UntilAsync(() => LastStep("full") >= 30, "step 30");
            process.Kill();
        }

        var kept = Directory.GetFiles(In("full/checkpoints"), "step-*").Order().Last();
        var before = File.ReadAllBytes(kept);
        File.WriteAllText(In("full/metrics.jsonl"), ""); // starts anew, far below the limit
        var run = await LimitedAsync(most, "sae", "train", "--out", In("full"), "--resume");
        Assert.True(run.Code == ExitCode.Failure, run.Error);
        var error = Assert.Single(run.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.Contains(named, error);
        Assert.Contains("--resume", error);
        Assert.DoesNotContain("unexpected", error);
        Assert.Equal(before, File.ReadAllBytes(kept));
        Assert.Equal(kept, Directory.GetFiles(In("full/checkpoints"), "*").Order().Last()); // nor half of a file

        await EndsAsync(["sae", "train", "--out", In("full"), "--resume"]);
        string[] results = ["dictionary/sae_weights.safetensors", $"checkpoints/step-{Steps:D8}.safetensors"];
        foreach (var file in results)
            Assert.Equal(File.ReadAllBytes(In("whole/" + file)), File.ReadAllBytes(In("full/" + file)));
    }

    [Fact]
    public async Task An_interrupt_writes_a_checkpoint_of_the_step_it_came_in()
    {
        using var process = Start("dotnet", [typeof(ExitCode).Assembly.Location, .. Train("stopped", 100_000)]);
        var error = process.StandardError.ReadToEndAsync();
        await UntilAsync(() => LastStep("stopped") >= 5, "step 5");
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString()])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        Assert.Contains($"interp sae train --out {In("stopped")} --resume", await error);
        var newest = Path.GetFileName(Directory.GetFiles(In("stopped/checkpoints")).Order().Last());
        Assert.Equal($"step-{LastStep("stopped"):D8}.safetensors", newest);
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs the command line where no file may grow beyond a limit, in kilobytes: as on a full disk.</summary>
    private static async Task<CliRun> LimitedAsync(int most, params string[] arguments)
    {
        // The signal of the limit is ignored, so that writing fails; the runtime's own mappings of code are files too.
        var command = $"trap '' XFSZ; ulimit -f {most}; DOTNET_EnableWriteXorExecute=0 DOTNET_EnableDiagnostics=0 "
            + "exec dotnet \"$@\"";
        using var process = Start("bash", ["-c", command, "bash", typeof(ExitCode).Assembly.Location, .. arguments]);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return new CliRun(process.ExitCode, await output, await error);
    }

    private static async Task EndsAsync(string[] arguments)
    {
        using var process = new ChildProcess(Environment, arguments);
        var end = await process.EndAsync();
        Assert.True(end.Code == ExitCode.Ok, end.Error);
    }

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        for (var waited = 0; waited < 60_000; waited++)
        {
            if (holds()) return;
            await Task.Delay(2);
        }

        Assert.Fail($"the run did not get to {what}");
    }

    private string[] Train(string run, int steps = Steps) =>
    [
        "sae", "train", _model.Folder, "--hook", Hook, "--text", _text, "--k", "3", "--width", "16x", "--batch", "64",
        "--steps", steps.ToString(), "--measure-every", "1", "--checkpoint-every", "7", "--out", In(run),
    ];

    private string[] Harvest(string run) =>
    [
        "sae", "harvest", _model.Folder, "--hook", Hook, "--hook", "blocks.1.attn.hook_z", "--text", _text, "--shards",
        Shards.ToString(), "--reads", "2", "--out", In(run),
    ];

    private int[] Moments(int count, int below) =>
        [.. Enumerable.Range(0, count).Select(_ => _random.Next(1, below)).Order()];

    private long LastStep(string run)
    {
        var metrics = In(run + "/metrics.jsonl");
        if (!File.Exists(metrics)) return -1;
        using var reader = new StreamReader(new FileStream(metrics, FileMode.Open, FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete));
        var lines = reader.ReadToEnd().Split('\n');
        return lines.Length < 2 ? -1 : JsonDocument.Parse(lines[^2]).RootElement.GetProperty("step").GetInt64();
    }

    private string In(string path) => Path.Combine(_model.Folder, path);

    /// <summary>Every file that a run leaves, with what is in it.</summary>
    private SortedDictionary<string, string> Bytes(string run) => new(Directory
        .EnumerateFiles(In(run), "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(In(run), file),
            file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))));
}
