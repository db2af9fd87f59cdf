using Interp.Notebooks.Engine;

namespace Interp.Notebooks.Tests.Engine;

public sealed class TensorOwnershipTests
{
    [Fact]
    public void What_nothing_reaches_is_freed_in_a_loop_and_over_many_cells_and_what_is_reached_stays()
    {
        using var cells = new CellRun(new CellEngineOptions { CollectAfterBytes = 64L << 20 });
        cells.Value("var kept = torch.ones([1_000_000]);");
        var before = Environment.WorkingSet;
        // 800 × 4 MB in one cell, each written to so that it takes memory, none disposed.
        cells.Value("for (var i = 0; i < 800; i++) { torch.ones([1_000_000]).add_(1); if (i % 20 == 0) Thread.Sleep(30); }");
        for (var i = 0; i < 100; i++)
        {
            cells.Value("var again = torch.ones([1_000_000]) * 2;");
            cells.Engine.CollectIfGrown();
        }
        // Nothing freed would be 3,600. How much is made between two looks depends on the machine, and what is freed stays
        // with the process, to be used again.
        Assert.InRange((Environment.WorkingSet - before) >> 20, -4096, 2400);
        Assert.Equal("1000000", cells.Value("kept.sum().ToInt64()"));
    }
}
