using Interp.Notebooks.Display;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Tests.Display;

public sealed class FormatterTests
{
    [Fact]
    public void A_tensor_shows_its_shape_type_statistics_and_a_picture()
    {
        using var tensor = torch.tensor(new float[] { 1, 2, 3, 4 }, [2, 2]);
        var before = Tensor.TotalCount;
        var bundle = MimeBundle.Of(tensor);
        Assert.Equal(before, Tensor.TotalCount);
        Assert.EndsWith("min 1, max 4, mean 2.5, std 1.291", bundle.Text);
        Assert.Contains("float32 [2, 2] cpu", bundle[MimeBundle.HtmlType]);
        Assert.Contains("data:image/png;base64,", bundle[MimeBundle.HtmlType]);
        Assert.Contains("2 rows × 2 columns", bundle[MimeBundle.HtmlType]);
    }

    [Theory]
    [InlineData("torch.tensor(new[] { 1f, float.NaN, 3f }, [3])", "min 1, max 3, mean 2, std 1.414; 1 not finite")]
    [InlineData("torch.tensor(new[] { true, false, true }, [3])", "2 of 3 are true")]
    [InlineData("torch.tensor(new long[] { 5, 7 }, [2])", "min 5, max 7, mean 6, std 1.414")]
    [InlineData("torch.zeros([0, 3])", "float32[0, 3]")]
    [InlineData("torch.tensor(new[] { 2f }, [1])", "float32[1] [2]")]
    [InlineData("torch.ones([3, 300, 400])", "min 1, max 1, mean 1, std 0")]
    public void Tensors_of_every_kind_have_a_text(string code, string expected)
    {
        using var cells = new CellRun();
        Assert.EndsWith(expected, cells.Value(code));
    }

    [Fact]
    public void A_figure_is_a_drawing_and_data_for_plotly()
    {
        var bundle = MimeBundle.Of(new BarFigure("Bars", ["a"], new float[] { 1 }) { Caption = "One & only." });
        Assert.StartsWith("<svg", bundle[MimeBundle.SvgType]);
        Assert.Contains("\"data\"", bundle[MimeBundle.PlotlyType]);
        Assert.Contains(bundle[MimeBundle.SvgType]!, bundle[MimeBundle.HtmlType]);
        Assert.Contains("One &amp; only.", bundle[MimeBundle.HtmlType]);
    }

    [Fact]
    public void A_view_is_a_frame_that_holds_all_of_its_page()
    {
        var html = MimeBundle.Of(new AttentionView("View", ["a", " b"], 1, 1, new float[] { 1, 0, 0.5f, 0.5f }))[MimeBundle.HtmlType]!;
        Assert.StartsWith("<iframe title=\"View\" srcdoc=\"", html);
        Assert.DoesNotContain("src=\"http", html);
        Assert.Equal(4 * 2, html.Count(c => c == '"')); // nothing of the page ends its attribute
    }

    [Fact]
    public void Values_side_by_side_shrink_with_their_part_of_the_row()
    {
        var bundle = MimeBundle.Of(Notebook.side_by_side(new BarFigure("One", ["a"], new float[] { 1 }), 7, Notebook.Png([1, 2])));
        Assert.Equal("One\n7\n<image/png>", bundle.Text);
        var html = bundle[MimeBundle.HtmlType]!;
        Assert.Contains("<svg style=\"max-width:100%;height:auto\" ", html);
        Assert.Contains("<pre>7</pre>", html);
        Assert.Contains("data:image/png;base64,AQI=", html);
    }

    [Fact]
    public void Progress_is_one_output_that_moves_and_ends_with_what_came_of_it()
    {
        using var cells = new CellRun();
        cells.Value("""
            IProgress<TrainingProgress> bar = progress("training");
            for (var step = 1; step <= 500; step++) bar.Report(new TrainingProgress(step, 500, 1.0 / step, ""));
            """);
        Assert.Equal("training: 1 of 500, loss 1", cells.Displays[0].Content.Text);
        Assert.Equal("training: 500 of 500, loss 0.002", cells.Displays[^1].Content.Text);
        Assert.Contains("<progress max=\"1\" value=\"1\"", cells.Displays[^1].Content[MimeBundle.HtmlType]);
        Assert.Equal([false, .. Enumerable.Repeat(true, cells.Displays.Count - 1)], cells.Displays.Select(display => display.Update));
        Assert.InRange(cells.Displays.Count, 2, 50); // it is not told of every step
    }

    [Fact]
    public void Records_are_a_table_and_simple_values_a_list()
    {
        var table = MimeBundle.Of(new[] { new { Name = "<b>", Score = 0.123456789 }, new { Name = "c", Score = 2.0 } });
        Assert.Equal("Name\tScore\n<b>\t0.12346\nc\t2", table.Text);
        Assert.Contains("<td style=\"text-align:left\">&lt;b&gt;</td><td>0.12346</td>", table[MimeBundle.HtmlType]);
        // Numbers that were formatted are numbers still.
        Assert.Contains("<td>1.5 %</td><td style=\"text-align:left\">1.5 cm</td>", MimeBundle.Of(
            new[] { new { A = "1.5 %", B = "1.5 cm" }, new { A = "", B = "2" } })[MimeBundle.HtmlType]);
        Assert.Equal("[1, 2, 3]", MimeBundle.Of(new List<int> { 1, 2, 3 }).Text);
        Assert.Equal("[\"a\", null]", MimeBundle.Of(new[] { "a", null }).Text);
        Assert.EndsWith(", …]", MimeBundle.Of(Enumerable.Range(0, int.MaxValue)).Text);
    }
}
