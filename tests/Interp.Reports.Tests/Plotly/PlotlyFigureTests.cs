using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Interp.Reports.Tests.Plotly;

public class PlotlyFigureTests
{
    [Fact]
    public void A_heatmap_carries_its_exact_numbers_shape_range_and_colours()
    {
        float[] values = [0.1f, 1f / 3, 0.9f, -0.5f, 0.25f, float.NaN];
        var trace = new HeatmapFigure("Scores", new Grid(values, 2, 3)).ToPlotly()["data"]![0]!;
        Assert.Equal("heatmap", trace["type"]!.GetValue<string>());
        Assert.Equal(values, Floats(trace["z"]!));
        Assert.Equal("2, 3", trace["z"]!["shape"]!.GetValue<string>());
        Assert.Equal(-0.9, trace["zmin"]!.GetValue<double>(), 1e-6);
        Assert.Equal(0.9, trace["zmax"]!.GetValue<double>(), 1e-6);
        var stops = trace["colorscale"]!.AsArray();
        Assert.Equal(7, stops.Count);
        Assert.Equal(0, stops[0]![0]!.GetValue<double>());
        Assert.Equal(1, stops[6]![0]!.GetValue<double>());
        Assert.Equal("#f5f5f4", stops[3]![1]!.GetValue<string>());
        Assert.Equal("1, 0: -0.5", trace["hovertext"]![1]![0]!.GetValue<string>());
    }

    [Fact]
    public void Tokens_that_repeat_keep_a_column_each()
    {
        var figure = new HeatmapFigure("Scores", new Grid(new float[3], 1, 3)) { ColumnLabels = [" a", " b", " a"] };
        var axis = figure.ToPlotly()["layout"]!["xaxis"]!;
        Assert.Equal(["·a", "·b", "·a"], axis["ticktext"]!.AsArray().Select(text => text!.GetValue<string>()));
        Assert.Equal([0, 1, 2], axis["tickvals"]!.AsArray().Select(value => value!.GetValue<int>()));
    }

    [Fact]
    public void Markup_in_labels_is_escaped_for_plotly_which_reads_tags()
    {
        var series = new Series("<b>bold</b>", new float[] { 1, 2 }) { PointLabels = ["<i>", "&"] };
        var plot = new LineFigure("<a href='x'>", series) { X = new Axis("<sub>") }.ToPlotly();
        // Json.Inline writes every '<' as an escape; the only ones that may be left belong to plotly's own template.
        Assert.DoesNotContain("\\u003C", Json.Inline(plot).Replace("\\u003Cextra>\\u003C/extra>", ""));
        Assert.Equal("&lt;b&gt;bold&lt;/b&gt;", plot["data"]![0]!["name"]!.GetValue<string>());
    }

    [Fact]
    public void Lines_carry_both_coordinates_and_logarithmic_axes_their_powers()
    {
        var figure = new LineFigure("Loss",
            new Series("train", new float[] { 1, 1000 }, new float[] { 3, float.NegativeInfinity }))
        { X = new Axis("step") { Logarithmic = true, Minimum = 1, Maximum = 1000 } };
        var plot = figure.ToPlotly();
        Assert.Equal([1, 1000], Floats(plot["data"]![0]!["x"]!));
        Assert.Equal([3, float.NaN], Floats(plot["data"]![0]!["y"]!));
        Assert.Equal("log", plot["layout"]!["xaxis"]!["type"]!.GetValue<string>());
        Assert.Equal(3, plot["layout"]!["xaxis"]!["range"]![1]!.GetValue<double>(), 1e-9);
    }

    [Fact]
    public void Bars_carry_a_trace_per_series()
    {
        var figure = new BarFigure("Logits", ["a", "b"]).Add("x", new float[] { 1, 2 }).Add("y", new float[] { 3, 4 });
        var plot = figure.ToPlotly();
        Assert.Equal([3, 4], Floats(plot["data"]![1]!["y"]!));
        Assert.Equal("b, y: 4", plot["data"]![1]!["hovertext"]![1]!.GetValue<string>());
    }

    private static float[] Floats(JsonNode typed)
    {
        Assert.Equal("f4", typed["dtype"]!.GetValue<string>());
        return MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(typed["bdata"]!.GetValue<string>())).ToArray();
    }
}
