namespace Interp.Reports.Tests.Blocks;

public sealed class ClaimTableTests
{
    [Fact]
    public void Claims_that_come_after_the_table_was_placed_are_on_the_page()
    {
        var claims = new ClaimTable("Verdict") { Caption = "Core claims have a star." };
        var report = new Report("Heads");
        report.AddSection("Verdict").Add(claims);
        claims.Add("a head copies", "0.8", "≥ 0.5", holds: true, published: "0.9", isCore: true);
        claims.Add("it is early", "layer 3", "layer 0 or 1", holds: false);
        var table = PageReader.Data(report.ToHtml())["tables"]![0]!;
        Assert.Equal("""["claim","holds","measured","holds when","published"]""", table["columns"]!.ToJsonString());
        Assert.Equal(["a head copies *", "yes", "0.8", "≥ 0.5", "0.9"], Texts(table["rows"]![0]!));
        Assert.Equal(["it is early", "no", "layer 3", "layer 0 or 1", ""], Texts(table["rows"]![1]!));
        Assert.Contains("Core claims have a star.", report.ToHtml());
    }

    [Fact]
    public void Nothing_published_is_no_column()
    {
        var data = PageReader.Data(PageReader.Page(new ClaimTable().Add("a", "1", "> 0", holds: true)));
        Assert.Equal("""["claim","holds","measured","holds when"]""", data["tables"]![0]!["columns"]!.ToJsonString());
    }

    [Fact]
    public void Claims_that_are_not_judged_say_so_and_do_not_fail()
    {
        var claims = new ClaimTable { IsJudged = false }.Add("a", "1", "> 2", holds: false);
        Assert.True(claims.Holds);
        var data = PageReader.Data(PageReader.Page(claims));
        Assert.Equal("not judged", data["tables"]![0]!["rows"]![0]![1]!.GetValue<string>());
    }

    [Fact]
    public void Lines_leave_stars_out_and_have_what_was_published_where_it_is_asked_for()
    {
        var claims = new ClaimTable().Add("a", "1", "> 0", holds: true, published: "2", isCore: true);
        using var writer = new StringWriter();
        claims.Write(writer);
        claims.Write(writer, withPublished: true);
        Assert.Equal("holds          a: 1\nholds          a: 1 (published: 2)\n", writer.ToString());
    }

    private static string[] Texts(System.Text.Json.Nodes.JsonNode row) =>
        [.. row.AsArray().Select(cell => cell!.GetValue<string>())];
}
