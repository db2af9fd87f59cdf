using System.Diagnostics;
using System.Reflection;
using TorchSharp;

namespace Interp.Tests.Tensors.Native;

/// <summary>What the build does to programs: <c>Directory.Build.targets</c> and <c>Interp.Core.targets</c>.</summary>
public sealed class BuildTests
{
    [Fact]
    public void Wrappers_of_TorchSharp_keep_what_they_were_given_until_they_return()
    {
        var attribute = typeof(torch).Assembly.GetCustomAttribute<DebuggableAttribute>();
        Assert.True(attribute?.IsJITOptimizerDisabled);
    }

    [Fact]
    public void Tensors_and_numbers_that_nobody_holds_outlive_the_calls_that_use_them()
    {
        using var exponent = torch.tensor(3.0f);
        using var x = torch.full(500, 2.0f);
        var stop = Stopwatch.StartNew();
        var collector = new Thread(() =>
        {
            while (stop.ElapsedMilliseconds < 1000)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        while (stop.ElapsedMilliseconds < 1000)
        {
            Assert.Equal(8, x.pow(3.0)[0].item<float>());
            Assert.Equal(5500, x.pow(exponent).add(exponent).sum().item<float>());
        }

        collector.Join();
    }

    [Fact]
    public void No_program_has_a_copy_of_libtorch()
    {
        foreach (var folder in (string[])["src", "tests"])
            Assert.DoesNotContain(
                Directory.EnumerateFiles(Repository.Path(folder), "*torch_cpu*", SearchOption.AllDirectories),
                file => !file.Contains("publish", StringComparison.Ordinal));
    }
}
