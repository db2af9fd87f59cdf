namespace Interp.Reports.Tests.Figures;

public class BarFigureTests
{
    [Fact]
    public void Bars_stand_on_zero_in_proportion_and_negative_ones_hang_from_it()
    {
        var bars = new BarFigure("Logits", ["a", "b", "c"], new float[] { 4, -2, 1 }).Svg().All("rect")
            .Where(bar => bar.Title() is not null).ToArray();
        Assert.Equal(["a: 4", "b: -2", "c: 1"], bars.Select(bar => bar.Title()));
        var zero = bars[0].Number("y") + bars[0].Number("height");
        Assert.Equal(zero, bars[1].Number("y"), 0.02);
        Assert.Equal(bars[0].Number("height") / 4, bars[1].Number("height") / 2, 0.02);
        Assert.Equal(zero, bars[2].Number("y") + bars[2].Number("height"), 0.02);
    }

    [Fact]
    public void Groups_hold_one_bar_per_series_side_by_side()
    {
        var svg = new BarFigure("Logits", ["a", "b"]).Add("clean", new float[] { 1, 2 })
            .Add("corrupt", new float[] { 3, float.NaN }).Svg();
        Assert.Equal(["a, clean: 1", "b, clean: 2", "a, corrupt: 3"], svg.Titles());
        var bars = svg.All("rect").Where(bar => bar.Title() is not null).ToArray();
        Assert.True(bars[2].Number("x") >= bars[0].Number("x") + bars[0].Number("width"));
        Assert.True(bars[2].Number("x") + bars[2].Number("width") < bars[1].Number("x"));
    }

    [Fact]
    public void Stacked_bars_stand_on_each_other_and_negative_ones_hang_below_zero()
    {
        var figure = new BarFigure("Neurons", ["a", "b"]) { Stacked = true }.Add("x", new float[] { 2, -1 })
            .Add("y", new float[] { 1, 3 }).Add("z", new float[] { 1, -2 });
        var bars = figure.Svg().All("rect").Where(bar => bar.Title() is not null)
            .ToDictionary(bar => bar.Title()!, bar => (Top: bar.Number("y"), Height: bar.Number("height")));
        double Bottom(string bar) => bars[bar].Top + bars[bar].Height;
        var unit = bars["a, x: 2"].Height / 2;
        Assert.Equal(bars["a, x: 2"].Top, Bottom("a, y: 1"), 0.02);
        Assert.Equal(bars["a, y: 1"].Top, Bottom("a, z: 1"), 0.02);
        Assert.Equal(Bottom("a, x: 2"), Bottom("b, y: 3"), 0.02); // zero
        Assert.Equal(Bottom("b, x: -1"), bars["b, z: -2"].Top, 0.02);
        Assert.Equal(2 * unit, bars["b, z: -2"].Height, 0.02);
        Assert.Equal("relative", (string?)figure.ToPlotly()["layout"]!["barmode"]);
    }

    [Fact]
    public void A_bar_that_is_not_finite_is_left_out_and_counted() =>
        Assert.Contains("1 bar is left out", new BarFigure("Logits", ["a", "b"], new float[] { 1, float.NaN }).Note);

    [Fact]
    public void Errors_name_both_counts()
    {
        Assert.Contains("2 categories and the series 'x' 3 values",
            Assert.Throws<ArgumentException>(() => new BarFigure("Logits", ["a", "b"]).Add("x", new float[3])).Message);
        Assert.Contains("no bars", Assert.Throws<ArgumentException>(new BarFigure("Logits", ["a"]).ToSvg).Message);
    }
}
