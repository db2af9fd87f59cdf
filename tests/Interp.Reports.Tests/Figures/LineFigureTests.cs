namespace Interp.Reports.Tests.Figures;

public class LineFigureTests
{
    [Fact]
    public void A_number_that_is_not_finite_breaks_the_line_and_is_counted()
    {
        var figure = new LineFigure("Loss",
            new Series("train", new float[] { 3, 2, float.NaN, 1.5f, 1.25f, float.NaN, 1 }));
        var path = figure.Svg().All("path").Single(line => line.Get("class") == "s").Get("d")!;
        Assert.Equal(3, path.Count(letter => letter == 'M'));
        Assert.Equal(2, path.Count(letter => letter == 'L'));
        Assert.Equal("2 points are left out: a number that is not finite.", figure.Note);
        Assert.Single(figure.Svg().All("circle"), mark => mark.Get("class") == "c");
    }

    [Fact]
    public void Every_point_of_a_short_line_reads_its_exact_numbers()
    {
        var figure = new LineFigure("Loss", new Series("train", new float[] { 1, 2 }, new float[] { 0.1f, 1f / 3 }));
        Assert.Equal(["train: 1, 0.1", "train: 2, 0.33333334"], figure.Svg().Titles());
    }

    [Fact]
    public void A_logarithmic_axis_puts_powers_of_ten_at_equal_distances()
    {
        var series = new Series("train", new float[] { 1, 10, 100, 1000 }, new float[] { 0, 1, 2, 3 });
        var svg = new LineFigure("Loss", series) { X = new Axis("step") { Logarithmic = true } }.Svg();
        var x = svg.All("circle").Select(point => point.Number("cx")).ToArray();
        Assert.Equal(x[1] - x[0], x[2] - x[1], 1.0);
        Assert.Equal(x[1] - x[0], x[3] - x[2], 1.0);
        Assert.Contains("100", svg.Labels());
        Assert.Contains("1k", svg.Labels());
    }

    [Fact]
    public void Zero_on_a_logarithmic_axis_is_left_out_and_said_so()
    {
        var series = new Series("train", new float[] { 0, 10, 100 }, new float[] { 1, 2, 3 });
        var figure = new LineFigure("Loss", series) { X = new Axis { Logarithmic = true } };
        Assert.Equal(2, figure.Svg().All("circle").Count());
        Assert.Contains("1 point is left out", figure.Note);
        Assert.Contains("not above zero on a logarithmic axis", figure.Note);
    }

    [Fact]
    public void Larger_numbers_are_higher_and_every_point_lies_within_the_axes()
    {
        var svg = new LineFigure("Curve", new Series("", new float[] { -5, 0, 7, 3.5f })).Svg();
        var y = svg.All("circle").Select(point => point.Number("cy")).ToArray();
        Assert.True(y[0] > y[1] && y[1] > y[3] && y[3] > y[2]);
        Assert.Equal((y[0] - y[2]) / 12, (y[1] - y[2]) / 7, 0.01);
        Assert.Contains("−5", svg.Labels());
    }

    [Fact]
    public void A_scatter_draws_marks_and_no_line()
    {
        var series = new Series("heads", new float[] { 1, 2 }, new float[] { 3, 4 })
        { Style = SeriesStyle.Points, PointLabels = ["L0H0", "L0H1"] };
        var svg = new LineFigure("Heads", series).Svg();
        Assert.DoesNotContain(svg.All("path"), line => line.Get("class") == "s");
        Assert.Equal(["L0H0: 1, 3", "L0H1: 2, 4"], svg.Titles());
    }

    [Fact]
    public void Several_series_have_a_legend_and_colours_of_their_own()
    {
        var figure = new LineFigure("Loss", Enumerable.Range(0, 8)
            .Select(i => new Series($"run {i}", new float[] { i, i + 1 })).ToArray());
        var svg = figure.Svg();
        Assert.All(Enumerable.Range(0, 8), i => Assert.Contains($"run {i}", svg.Labels()));
        var looks = svg.All("path").Where(line => line.Get("class") == "s" && line.Get("stroke-width") == "1.8")
            .Select(line => (line.Get("stroke"), line.Get("stroke-dasharray"))).ToArray();
        Assert.Equal(8, looks.Distinct().Count());
    }

    [Fact]
    public void Flat_lines_single_points_and_nothing_at_all_are_drawn()
    {
        foreach (float[] values in new[] { [2, 2], [5], [0, 0], [float.NaN], Array.Empty<float>() })
            Assert.DoesNotContain("NaN", new LineFigure("Flat", new Series("", values)).ToSvg());
    }

    [Fact]
    public void Lists_of_different_lengths_are_an_error_naming_both() =>
        Assert.Contains("2 x and 3 y",
            Assert.Throws<ArgumentException>(() => new Series("train", new float[2], new float[3])).Message);

    [Fact]
    public void An_axis_that_ends_before_it_begins_is_an_error_naming_it()
    {
        var figure = new LineFigure("Loss",
            new Series("", new float[] { 1, 2 }))
        { Y = new Axis("loss") { Maximum = -1 } };
        Assert.Contains("'loss'", Assert.Throws<ArgumentException>(figure.ToSvg).Message);
    }
}
