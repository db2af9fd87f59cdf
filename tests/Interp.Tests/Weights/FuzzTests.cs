using System.Diagnostics;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Weights;

[Trait("Speed", "slow")]
public class FuzzTests(ITestOutputHelper output)
{
    private const int Cases = 2000;
    private const long Slack = 64L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static readonly string[] RealFiles =
    [
        "weights/arena-monthly/july23_palindromes/palindrome_classifier.pt",
        "weights/list-comp/results/sae_models/sae_d100_k4_50ksteps_2layer_100dig_64d.pt",
        "weights/capp-gpt2/model.safetensors",
    ];

    [Fact]
    public void Two_thousand_spoiled_files_load_or_give_a_clean_error()
    {
        using var folder = new TemporaryFolder();
        var marker = Path.Combine(folder.Root, "executed");
        var files = new FuzzFiles(new Random(2024), marker);
        var real = RealFiles.Where(SharedData.Has).Select(path => File.ReadAllBytes(SharedData.Path(path))).ToList();
        // The shards of the index among the files; reading one also warms up what is loaded once per process.
        var header = "{" + SafeTensorsBytes.Entry("a", "U8", "1", 0, 1) + "}";
        Read(folder.Write("1.safetensors", SafeTensorsBytes.File(header, 1)));
        folder.Write("2.safetensors", SafeTensorsBytes.File(header.Replace("\"a\"", "\"b\""), 2));

        var loaded = 0;
        var reasons = new HashSet<string>();
        var slowest = TimeSpan.Zero;
        var largest = 0L;
        for (var i = 0; i < Cases; i++)
        {
            var content = files.Next(real);
            var path = folder.Write("spoiled", content);
            var before = Allocated();
            var watch = Stopwatch.StartNew();
            var fault = Record.Exception(() => Read(path));
            watch.Stop();
            var allocated = Allocated() - before;

            Assert.True(watch.Elapsed < Limit || ReadsInTime(path), $"case {i} takes longer than {Limit}");
            Assert.True(allocated <= content.Length + Slack, $"case {i}: {content.Length} bytes took {allocated}");
            if (fault is null) loaded++;
            else CheckFault(i, fault, path, reasons);
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            largest = Math.Max(largest, allocated);
        }

        output.WriteLine(
            $"{loaded} of {Cases} spoiled files loaded, the others gave {reasons.Count} different errors; "
            + $"slowest {slowest.TotalMilliseconds:F0} ms, most allocated {largest >> 10} KiB");
        Assert.False(File.Exists(marker), "a pickle ran a command");
        // The test would be blind if all files failed at the first check, or if none failed.
        Assert.InRange(loaded, Cases / 20, Cases * 3 / 4);
        Assert.InRange(reasons.Count, 40, int.MaxValue);
    }

    private static void CheckFault(int index, Exception fault, string path, HashSet<string> reasons)
    {
        var error = fault as WeightsFormatException;
        Assert.True(error is not null, $"case {index}: {fault}");
        Assert.StartsWith(path, error.Message);
        Assert.NotEmpty(error.Reason);
        Assert.NotEmpty(error.Expected);
        reasons.Add(string.Concat(error.Reason.Where(c => !char.IsDigit(c))));
    }

    // On a busy machine a case may have to wait; a hang would happen every time.
    private static bool ReadsInTime(string path)
    {
        var watch = Stopwatch.StartNew();
        Record.Exception(() => Read(path));
        return watch.Elapsed < Limit;
    }

    private static long Allocated() => GC.GetAllocatedBytesForCurrentThread() + NativeBlock.AllocatedOnThisThread;

    // Everything a file can give, every byte of every tensor.
    private static unsafe void Read(string path)
    {
        using var scope = torch.NewDisposeScope();
        using var file = WeightFile.Open(path);
        foreach (var tensor in file.LoadAll().Values)
        {
            var rows = tensor.contiguous();
            var length = rows.numel() * WeightDTypes.Of(rows.dtype).Size();
            var bytes = new ReadOnlySpan<byte>((void*)rows.DataPointer, (int)length);
            var sum = 0L;
            foreach (var b in bytes) sum += b;
            Assert.InRange(sum, 0, long.MaxValue);
        }

        foreach (var (name, value) in file.Values) Assert.NotNull($"{name} {PickleMachine.Shown(value)}");
    }
}
