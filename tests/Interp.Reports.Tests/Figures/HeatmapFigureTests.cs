using System.Buffers.Binary;
using System.IO.Compression;

namespace Interp.Reports.Tests.Figures;

public class HeatmapFigureTests
{
    private static readonly float[] Values = [0.1f, 1f / 3, 0.93128467f, 0, 0.5f, 0.25f];

    private static HeatmapFigure Figure(float[] values) => new("Scores", new Grid(values, 2, 3))
    {
        RowAxis = new Axis("layer"),
        ColumnAxis = new Axis("head"),
        ValueName = "score",
    };

    [Fact]
    public void Every_cell_is_a_rectangle_that_names_its_place_and_its_exact_number()
    {
        var cells = Figure(Values).Svg().All("rect").Where(cell => cell.Title() is not null).ToArray();
        Assert.Equal(6, cells.Length);
        for (var i = 0; i < 6; i++)
            Assert.Equal($"layer {i / 3}, head {i % 3}: {Values[i]:R}", cells[i].Title());
        Assert.True(cells[1].Number("x") > cells[0].Number("x"));
        Assert.True(cells[3].Number("y") > cells[0].Number("y"));
    }

    [Fact]
    public void A_larger_number_is_darker_on_a_light_page_and_lighter_on_a_dark_one()
    {
        var cells = Figure(Values).Svg().All("rect").Where(cell => cell.Title() is not null)
            .OrderBy(cell => float.Parse(cell.Title()!.Split(": ")[1])).ToArray();
        var light = cells.Select(cell => Rgb.Parse(cell.Get("fill")!).Luminance).ToArray();
        var dark = cells.Select(cell => Rgb.Parse(cell.Get("style")!["--d:".Length..]).Luminance).ToArray();
        Assert.Equal(light.OrderDescending(), light);
        Assert.Equal(dark.Order(), dark);
        Assert.Equal(6, light.Distinct().Count());
    }

    [Fact]
    public void Zero_has_no_colour_where_numbers_have_signs_and_the_scale_is_symmetric()
    {
        var figure = Figure([-2, 0, 1, 0, 0.5f, -0.5f]);
        Assert.Equal((-2, 2), figure.Span);
        var zero = figure.Svg().All("rect").First(cell => cell.Title() == "layer 0, head 1: 0");
        Assert.Equal("#f5f5f4", zero.Get("fill"));
    }

    [Fact]
    public void What_is_not_finite_is_an_empty_cell_and_counted()
    {
        var figure = Figure([0.1f, float.NaN, float.PositiveInfinity, 0, 0.5f, 0.25f]);
        Assert.Equal("2 values are not finite numbers; their cells are left empty.", figure.Note);
        var gaps = figure.Svg().All("rect").Where(cell => cell.Get("class") == "gap").ToArray();
        Assert.Equal(["layer 0, head 1: not a number", "layer 0, head 2: infinity"], gaps.Select(gap => gap.Title()));
        Assert.All(gaps, gap => Assert.Equal("none", gap.Get("fill")));
        Assert.Equal((0, 0.5), figure.Span);
        Assert.Empty(Figure(Values).Note);
    }

    [Fact]
    public void A_map_without_any_finite_number_is_still_drawn()
    {
        var figure = Figure([.. Enumerable.Repeat(float.NaN, 6)]);
        Assert.Equal(6, figure.Svg().All("rect").Count(cell => cell.Get("class") == "gap"));
        Assert.Contains("6 values", figure.Note);
    }

    [Fact]
    public void A_screen_reader_hears_what_the_map_shows()
    {
        var svg = Figure(Values).Svg();
        Assert.Equal("img", svg.Get("role"));
        Assert.Equal("Heatmap, Scores: 2 rows (layer) by 3 columns (head), score from 0 to 0.93128467.",
            svg.Get("aria-label"));
    }

    [Fact]
    public void Hostile_labels_stay_text()
    {
        var figure = new HeatmapFigure(SampleReport.Hostile, new Grid(Values, 2, 3))
        {
            RowLabels = [SampleReport.Hostile, "\0"],
            ColumnLabels = ["<b>", "a&b", "\n"],
        };
        var svg = figure.Svg();
        Assert.Empty(svg.All("img"));
        Assert.Empty(svg.All("b"));
        Assert.Contains("a&b", svg.Labels());
        Assert.Contains("⏎", svg.Labels());
    }

    [Fact]
    public void Labels_that_do_not_match_the_rows_are_an_error_naming_both_counts()
    {
        var figure = new HeatmapFigure("Scores", new Grid(Values, 2, 3)) { RowLabels = ["only one"] };
        var error = Assert.Throws<ArgumentException>(figure.ToSvg);
        Assert.Contains("2 rows and 1 row labels", error.Message);
    }

    [Fact]
    public void Colours_that_run_backwards_are_an_error()
    {
        var figure = new HeatmapFigure("Scores", new Grid(Values, 2, 3)) { Minimum = 2, Maximum = 1 };
        Assert.Contains("from 2 to 1", Assert.Throws<ArgumentException>(figure.ToSvg).Message);
    }

    [Fact]
    public void A_map_of_many_cells_is_an_image_whose_pixels_are_the_colours()
    {
        var values = Enumerable.Range(0, 80 * 60).Select(i => i / 4799f).ToArray();
        values[61] = float.NaN;
        var figure = new HeatmapFigure("Large", new Grid(values, 80, 60));
        var images = figure.Svg().All("image").ToArray();
        Assert.Equal(["only-dark", "only-light"], images.Select(image => image.Get("class")));
        Assert.Empty(figure.Svg().Titles());
        var pixels = Pixels(images[1].Get("href")!, 60, 80);
        var last = figure.Scale.At(1).Light;
        Assert.Equal([last.R, last.G, last.B, 255], pixels[79][^4..]);
        Assert.Equal([0, 0, 0, 0], pixels[1][4..8]);
    }

    [Fact]
    public void Labels_of_many_columns_are_thinned_until_none_runs_into_the_next()
    {
        var figure = new HeatmapFigure("Wide", new Grid(new float[2 * 300], 2, 300))
        {
            ColumnLabels = [.. Enumerable.Range(0, 300).Select(i => $" token{i}")],
        };
        var places = figure.Svg().All("text").Where(text => text.Value.Contains("token"))
            .Select(text => text.Number("x")).ToArray();
        Assert.InRange(places.Length, 10, 60);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 12));
    }

    private static byte[][] Pixels(string href, int width, int height)
    {
        var png = Convert.FromBase64String(href["data:image/png;base64,".Length..]);
        Assert.Equal(width, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(height, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33));
        using var zlib = new ZLibStream(new MemoryStream(png, 41, length), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        return [.. raw.ToArray().Chunk(1 + 4 * width).Select(line => line[1..])];
    }
}
