namespace Interp.Reports.Tests.Blocks;

public class ReportTableTests
{
    [Fact]
    public void Numbers_are_rounded_to_read_and_exact_under_the_pointer_and_in_the_data()
    {
        var html = PageReader.Page(
            new ReportTable("Heads", "head", "score").AddRow("L0H0", 1f / 3).AddRow("L0H1", float.NaN));
        Assert.Contains("<td class=\"number\" data-value=\"0.33333334\" title=\"0.33333334\">0.333</td>", html);
        Assert.Contains(">not a number</td>", html);
        var table = PageReader.Data(html)["tables"]![0]!;
        Assert.Equal("[[\"L0H0\",0.33333334],[\"L0H1\",\"NaN\"]]", table["rows"]!.ToJsonString());
        Assert.Equal("[\"head\",\"score\"]", table["columns"]!.ToJsonString());
    }

    [Fact]
    public void Headers_have_scopes_and_the_table_a_name()
    {
        var html = PageReader.Page(new ReportTable("Heads", "head", "layer").AddRow("L0H0", 12345));
        Assert.Contains("<th scope=\"col\">head</th><th scope=\"col\" class=\"number\">layer</th>", html);
        Assert.Contains("<th scope=\"row\">L0H0</th>", html);
        Assert.Contains("aria-labelledby=\"table-1-title\"", html);
        Assert.Contains(">12,345</td>", html);
    }

    [Fact]
    public void Long_texts_break_into_lines_where_a_column_says_so()
    {
        var html = PageReader.Page(new ReportTable("Claims", new TableColumn("claim") { Wrap = true }, "holds",
            new TableColumn("measured") { Wrap = true }).AddRow("a long claim", "yes", "much"));
        Assert.Contains("<th scope=\"row\" class=\"wrap\">a long claim</th>", html);
        Assert.Contains("<td>yes</td><td class=\"wrap\">much</td>", html);
    }

    [Fact]
    public void Bars_start_at_zero_and_grow_to_both_sides()
    {
        var column = new TableColumn("effect") { Style = CellStyle.Bar, Minimum = -1, Maximum = 1 };
        var html = PageReader.Page(new ReportTable("Effects", "site", column).AddRow("a", 0.5f).AddRow("b", -1f));
        Assert.Contains("--at:66.67%;--size:25%", html); // starts at 50 %: 0.5 / (1 − 0.25)
        Assert.Contains("--at:0%;--size:50%", html);
    }

    [Fact]
    public void Hostile_cells_stay_text()
    {
        const string Hostile = SampleReport.Hostile;
        var html = PageReader.Page(new ReportTable(Hostile, Hostile).AddRow(Hostile));
        Assert.DoesNotContain("<img src=x", html);
        Assert.Equal(SampleReport.Hostile, PageReader.Data(html)["tables"]![0]!["rows"]![0]![0]!.GetValue<string>());
    }

    [Fact]
    public void A_row_of_another_length_is_an_error_naming_both() =>
        Assert.Contains("1 cells and the table 2 columns",
            Assert.Throws<ArgumentException>(() => new ReportTable("Heads", "head", "score").AddRow("L0H0")).Message);
}
