namespace Interp.Reports.Tests.Figures;

public class VectorFigureTests
{
    private static readonly VectorPanel[] Panels =
    [
        new("dense", new Grid(new float[] { 1, 0, 0, -2 }, 2, 2)), new("sparse", new Grid(new float[] { 0, 1, 0, 0 }, 2, 2)),
    ];

    [Fact]
    public void Vectors_start_at_the_middle_of_their_panel_and_have_one_scale_in_both_directions()
    {
        var svg = new VectorFigure("Two features", Panels).Svg();
        var circles = svg.All("circle").Where(circle => circle.Get("class") == "grid").ToArray();
        var tips = svg.All("circle").Where(circle => circle.Get("class") == "c").ToArray();
        var unit = circles[0].Number("r");
        Assert.Equal(["dense, 0: 1, 0", "dense, 1: 0, -2", "sparse, 0: 0, 1", "sparse, 1: 0, 0"], svg.Titles());
        Assert.Equal(circles[0].Number("cx") + unit, tips[0].Number("cx"), 0.02);
        Assert.Equal(circles[0].Number("cy") + 2 * unit, tips[1].Number("cy"), 0.02); // upwards is positive
        Assert.Equal(circles[1].Number("cy") - unit, tips[2].Number("cy"), 0.02);
        Assert.Equal(circles[1].Number("cx"), tips[3].Number("cx"), 0.02);
        Assert.True(circles[1].Number("cx") - circles[0].Number("cx") > 4 * unit, "panels do not overlap");
        Assert.Equal(["dense", "sparse"], svg.Labels().TakeLast(2));
    }

    [Fact]
    public void Vectors_of_a_group_have_one_colour()
    {
        var four = new Grid(new float[] { 1, 0, 0, 1, -1, 0, 0, -1 }, 4, 2);
        var figure = new VectorFigure("Pairs", new VectorPanel("all", four))
        {
            GroupSize = 2,
            VectorLabels = ["a", "b", "c", "d"],
        };
        var colours = figure.Svg().All("circle").Where(circle => circle.Get("class") == "c")
            .Select(circle => circle.Get("fill")).ToArray();
        Assert.Equal(colours[0], colours[1]);
        Assert.NotEqual(colours[0], colours[2]);
        Assert.Equal("all, c: -1, 0", figure.Svg().Titles()[2]);
    }

    [Fact]
    public void Panels_go_on_in_a_second_row()
    {
        var svg = new VectorFigure("Many", [.. Enumerable.Repeat(Panels[1], 7)]).Svg();
        var circles = svg.All("circle").Where(circle => circle.Get("class") == "grid").ToArray();
        Assert.Equal(circles[0].Number("cx"), circles[VectorFigure.MostColumns].Number("cx"), 0.02);
        Assert.True(circles[VectorFigure.MostColumns].Number("cy") > circles[0].Number("cy"));
    }

    [Fact]
    public void Plotly_gets_a_trace_for_each_vector_and_equal_axes()
    {
        var plot = new VectorFigure("Two features", Panels).ToPlotly();
        Assert.Equal(2, plot["data"]!.AsArray().Count);
        Assert.Equal("x", (string?)plot["layout"]!["yaxis"]!["scaleanchor"]);
        Assert.Equal(["dense", "sparse"], plot["layout"]!["annotations"]!.AsArray().Select(name => (string)name!["text"]!));
        Assert.Equal(["", "dense, 1: 0, -2", "", "", "sparse, 1: 0, 0", ""],
            plot["data"]![1]!["hovertext"]!.AsArray().Select(text => (string)text!));
    }

    [Fact]
    public void What_cannot_be_drawn_is_an_error_naming_the_panel()
    {
        string Error(params VectorPanel[] panels) =>
            Assert.Throws<ArgumentException>(() => new VectorFigure("V", panels)).Message;
        Assert.Contains("no panels", Error());
        Assert.Contains("'b' of 'V' has 1 vectors of 2", Error(Panels[0], new("b", new Grid(new float[2], 1, 2))));
        Assert.Contains("2 vectors of 3", Error(new VectorPanel("c", new Grid(new float[6], 2, 3))));
        Assert.Contains("1 numbers of the panel 'd'", Error(new VectorPanel("d", new Grid(new[] { 1, float.NaN }, 1, 2))));
        Assert.Contains("2 vectors and 1 labels",
            Assert.Throws<ArgumentException>(new VectorFigure("V", Panels) { VectorLabels = ["a"] }.ToSvg).Message);
    }
}
