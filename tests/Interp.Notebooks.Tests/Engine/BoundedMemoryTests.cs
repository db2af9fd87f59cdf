using System.Diagnostics;
using Xunit.Abstractions;

namespace Interp.Notebooks.Tests.Engine;

public sealed class BoundedMemoryTests(ITestOutputHelper log)
{
    // What a cell leaves behind: one that declares nothing, its source; one that declares, what the compiler knows of it,
    // for later cells (measured: 1 to 3 and 49 KiB). Beside that the runtime keeps the code of each, about 40 KiB.
    private const double SimpleKiB = 8, DeclaringKiB = 64;

    [Fact]
    public void A_thousand_cells_stay_quick_and_leave_little_behind()
    {
        using var cells = new CellRun();
        cells.Value("var x = 0;");
        var clock = Stopwatch.StartNew();
        Step(cells, 50, i => $"x = {i}; x + 1");
        var early = Step(cells, 50, i => $"var x = {i};");
        var (simple, _) = Grown(() => Step(cells, 500, i => $"x = {i}; Enumerable.Range(0, 3).Select(n => n + x).Sum()"));
        var (declaring, late) = Grown(() => Step(cells, 399, i => $"var x = {i};"));
        log.WriteLine($"KiB a cell: simple {simple / 500:0.0}, declaring {declaring / 399:0.0}; median {early:0.0}, then {late:0.0} ms, "
            + $"all {clock.Elapsed.TotalSeconds:0.0} s; resident {Environment.WorkingSet >> 20} MiB");
        Assert.InRange(simple / 500, -SimpleKiB, SimpleKiB);
        Assert.InRange(declaring / 399, 0, DeclaringKiB);
        // In processor time of the thread that compiles: the wall's depends on what else the machine does.
        Assert.InRange(late, 0, 50);
        Assert.InRange(late, 0, 2 * early + 5);
        Assert.Equal("398", cells.Value("x"));
    }

    /// <summary>Runs cells and returns the median time of one in milliseconds.</summary>
    private static double Step(CellRun cells, int count, Func<int, string> code)
    {
        var times = new List<double>();
        for (var i = 0; i < count; i++)
        {
            var thread = ThreadClock.StartNew();
            var result = cells.Run(code(i));
            Assert.Null(result.Error);
            times.Add(thread.Elapsed.TotalMilliseconds);
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    private static (double KiB, double Median) Grown(Func<double> run)
    {
        var before = Used();
        var median = run();
        return ((Used() - before) / 1024.0, median);
    }

    private static long Used()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
