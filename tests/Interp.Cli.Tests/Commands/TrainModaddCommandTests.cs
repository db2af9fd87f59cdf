using System.Security.Cryptography;
using System.Text.Json;
using Interp.Cli.Tests.Hub;

namespace Interp.Cli.Tests.Commands;

public sealed class TrainModaddCommandTests : IDisposable
{
    private static readonly string[] Tiny =
    [
        "--modulus", "17", "--width", "16", "--heads", "2", "--neurons", "32", "--train-fraction", "0.5", "--epochs", "600", "--snapshots", "6",
        "--measure-every", "5", "--checkpoint-every", "20", "--seed", "3",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("interp-modadd-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_leaves_a_model_with_its_training_that_reports_read()
    {
        var run = CliRun.Of(["train", "modadd", "--out", In("run"), .. Tiny.Select(word => word == "600" ? "40" : word), "--operation", "subtract"]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        Assert.Contains("\"operation\": \"Subtract\"", File.ReadAllText(In("run/config.json")));
        Assert.Contains("training: ", run.Error);
        Assert.Contains("MB; Ctrl+C stops at a checkpoint", run.Error);
        Assert.Contains("no circuit found", run.Output);
        Assert.Matches("made by \\| `./interp train modadd --.*modulus 17 --operation subtract", File.ReadAllText(In("run/model/README.md")));

        foreach (var path in new[] { "run", "run/model" })
        {
            var report = CliRun.Of("grok", "report", In(path), "--html", In("page.html"), "--json", "--check");
            Assert.True(report.Code == ExitCode.ClaimFailed, report.Error); // 40 epochs are no circuit
            using var json = JsonDocument.Parse(report.Output);
            Assert.False(json.RootElement.GetProperty("circuit_found").GetBoolean());
            Assert.Equal(("subtract", 17), (json.RootElement.GetProperty("operation").GetString(), json.RootElement.GetProperty("modulus").GetInt32()));
            Assert.Contains("Restricted and excluded loss", File.ReadAllText(In("page.html")));
        }

        Assert.Contains("--resume", CliRun.Of(["train", "modadd", "--out", In("run"), .. Tiny]).Error);
        var changed = CliRun.Of("train", "modadd", "--out", In("run"), "--resume", "--weight-decay", "3");
        Assert.Equal(ExitCode.Usage, changed.Code);
        Assert.Contains("--weight-decay cannot change when resuming", changed.Error);
    }

    [Fact]
    public async Task A_run_killed_at_ten_random_moments_and_resumed_ends_with_the_same_bytes()
    {
        var whole = CliRun.Of(["train", "modadd", "--out", In("whole"), .. Tiny]);
        Assert.True(whole.Code == ExitCode.Ok, whole.Error);

        var random = new Random(7);
        var moments = Enumerable.Range(0, 10).Select(_ => random.Next(1, 560)).Order().ToArray();
        string[] arguments = ["train", "modadd", "--out", In("killed"), .. Tiny];
        foreach (var moment in moments)
        {
            using var process = new ChildProcess([("OMP_WAIT_POLICY", "PASSIVE")], arguments);
            await ReachesAsync(In("killed/metrics.jsonl"), moment);
            await Task.Delay(random.Next(0, 15));
            process.Kill();
            arguments = ["train", "modadd", "--out", In("killed"), "--resume"];
        }

        using (var last = new ChildProcess([("OMP_WAIT_POLICY", "PASSIVE")], arguments))
        {
            var end = await last.EndAsync();
            Assert.True(end.Code == ExitCode.Ok, end.Error);
        }

        Assert.Equal(Bytes("whole"), Bytes("killed"));
    }

    /// <summary>Waits until a run has measured an epoch.</summary>
    private static async Task ReachesAsync(string metrics, int epoch)
    {
        for (var waited = 0; waited < 120_000; waited += 5)
        {
            if (File.Exists(metrics) && Last(metrics) >= epoch) return;
            await Task.Delay(5);
        }

        Assert.Fail($"the run did not get to epoch {epoch}");
    }

    private static long Last(string metrics)
    {
        using var reader = new StreamReader(new FileStream(metrics, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var lines = reader.ReadToEnd().Split('\n');
        return lines.Length < 2 ? -1 : JsonDocument.Parse(lines[^2]).RootElement.GetProperty("step").GetInt64();
    }

    private string In(string path) => Path.Combine(_folder, path);

    /// <summary>Every file that a run leaves, with what is in it.</summary>
    private SortedDictionary<string, string> Bytes(string run) => new(Directory.EnumerateFiles(In(run), "*", SearchOption.AllDirectories).ToDictionary(
        file => Path.GetRelativePath(In(run), file), file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))));
}
