using System.Diagnostics;
using Xunit.Abstractions;

namespace Interp.Kernel.Tests.Engine;

public sealed class BoundedMemoryTests(ITestOutputHelper log)
{
    [Fact]
    public void A_thousand_cells_stay_quick_and_small()
    {
        using var cells = new CellRun();
        cells.Value("var x = 0;");
        var clock = Stopwatch.StartNew();
        var times = new List<double>();
        for (var i = 0; i < 200; i++) Step(cells, i, times);
        var (bytes, early) = (Used(), Median(times));
        times.Clear();
        for (var i = 200; i < 1000; i++) Step(cells, i, times);
        var (grown, late) = (Used() - bytes, Median(times));
        log.WriteLine($"{grown >> 20} MiB, median {early:0.0} then {late:0.0} ms, all {clock.Elapsed.TotalSeconds:0.0} s, rss {Environment.WorkingSet >> 20}");
        Assert.InRange(grown, 0, 100L << 20);
        // In processor time of the thread that compiles: the wall's depends on what else the machine does.
        Assert.InRange(late, 0, 50);
        Assert.InRange(late, 0, 2 * early + 5);
        Assert.Equal("999", cells.Value("x"));
    }

    private static void Step(CellRun cells, int i, List<double> times)
    {
        var thread = ThreadClock.StartNew();
        var result = cells.Run(i % 2 == 0 ? $"var x = {i};" : $"x = {i}; x + 1");
        Assert.Null(result.Error);
        times.Add(thread.Elapsed.TotalMilliseconds);
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static long Used() => GC.GetTotalMemory(forceFullCollection: true);
}
