namespace Interp.Reports.Tests.Figures;

/// <summary>Numbers are given as arrays, as memory, or written down where they are used.</summary>
public sealed class CollectionExpressionTests
{
    [Fact]
    public void Figures_take_numbers_in_brackets()
    {
        double[] scores = [0.25, 0.5];
        Assert.Equal(0.5f, new Grid([.. scores.Select(score => (float)score)], 1, 2)[0, 1]);
        var series = new Series("half", [0, 9], [0.5f, 1]);
        Assert.Equal([0, 9], series.X.ToArray());
        Assert.Equal([0.5f, 1], series.Y.ToArray());
        Assert.Equal([0, 1], new Series("half", [0.5f, 1]).X.ToArray());
        var bars = new BarFigure("Bars", ["a", "b"], [1, 2]).Add("more", [3, 4]);
        Assert.Equal([3, 4], bars.Series[1].Values.ToArray());
    }

    [Fact]
    public void Figures_take_memory_and_arrays_together()
    {
        float[] array = [1, 2, 3];
        var memory = array.AsMemory(1);
        Assert.Equal(3, new Grid(memory, 1, 2)[0, 1]);
        Assert.Equal([2f, 3], new Series("both", memory, new float[] { 8, 9 }).X.ToArray());
        Assert.Equal([2f, 3], new BarFigure("Bars", ["a", "b"], memory).Series[0].Values.ToArray());
    }

    [Fact]
    public void As_many_numbers_as_places_are_needed_in_brackets_too() =>
        Assert.Contains("2 × 2 needs 4 values", Assert.Throws<ArgumentException>(
            () => new Grid([1, 2, 3], 2, 2)).Message);
}
