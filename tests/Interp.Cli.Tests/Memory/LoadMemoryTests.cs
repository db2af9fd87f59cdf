using Interp.Benchmarks;
using Interp.Tensors;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Memory;

/// <summary>
/// What a model costs in memory, from the start of a process to its first logits: beside the mapped file nothing for
/// float32, and for what must be converted or copied nothing beside its result.
/// </summary>
[Collection("Processes that build or are measured")]
public sealed class LoadMemoryTests(ITestOutputHelper output)
{
    private const int Width = 768, Layers = 4, Vocabulary = 8000;

    // The compiled code of the command that is run, the objects of the loader, the logits, the heap's rounding.
    private const long Allowance = 16L << 20;

    [LinuxTheory]
    [InlineData("one file", 0)]
    [InlineData("shards", 0)]
    [InlineData("bfloat16", 2)]
    [InlineData("llama", 0)]
    public void Loading_takes_no_memory_beside_the_file_and_what_is_converted(string kind, int copies)
    {
        using var folder = kind switch
        {
            "one file" => ModelFolder.Gpt2(1, ScalarType.Float32, Width, Layers, Vocabulary),
            "shards" => ModelFolder.Gpt2(3, ScalarType.Float32, Width, Layers, Vocabulary),
            "bfloat16" => ModelFolder.Gpt2(1, ScalarType.BFloat16, Width, Layers, Vocabulary),
            _ => ModelFolder.Llama(Width, Layers, Vocabulary),
        };
        var converted = copies * folder.Bytes + (kind == "llama" ? ModelFolder.FusedBytes(Width, Layers) : 0);
        var bare = Run("--version");
        var run = Run("run", folder.Path, "--ids", "1,2,3", "--json");
        var (anonymous, resident) = (run.AnonymousBytes - bare.AnonymousBytes, run.PeakBytes - bare.PeakBytes);
        output.WriteLine($"{kind}: file {folder.Bytes >> 20} MiB, converted {converted >> 20} MiB; not from files {anonymous >> 20} MiB, in all {resident >> 20} MiB");

        Assert.True(folder.Bytes > 4 * Allowance || kind == "bfloat16", "a copy of the file would not be seen");
        Assert.InRange(anonymous, converted / 2, converted + Allowance);
        // The peak that the kernel keeps sees what was there between two looks too.
        Assert.InRange(resident, folder.Bytes / 2, folder.Bytes + converted + Allowance + (8L << 20));
    }

    private static MeasuredProcess Run(params string[] arguments) =>
        MeasuredProcess.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "Interp.Cli.dll"), .. arguments]);
}
