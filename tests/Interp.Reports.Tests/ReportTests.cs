using System.Text.RegularExpressions;

namespace Interp.Reports.Tests;

public partial class ReportTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_same_report_gives_the_same_bytes(bool interactive)
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (folder.File("a.html"), folder.File("deep/er/b.html"));
        var report = SampleReport.Build(interactive);
        report.Save(first);
        report.Save(first);
        SampleReport.Build(interactive).Save(second);
        var bytes = File.ReadAllBytes(first);
        Assert.Equal(bytes, File.ReadAllBytes(second));
        Assert.NotEqual(0xef, bytes[0]); // no byte order mark
        var files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
        Assert.Equal(2, files.Length); // and no temporary file
    }

    [Fact]
    public void A_report_that_cannot_be_written_leaves_no_temporary_file_and_the_old_report()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("taken.html"));
        Assert.ThrowsAny<Exception>(() => SampleReport.Build(false).Save(folder.File("taken.html")));
        Assert.Empty(Directory.GetFiles(folder.Path));

        SampleReport.Build(false).Save(folder.File("good.html"));
        var bad = new Report("Bad");
        bad.AddSection("Bad").Add(new BarFigure("No bars", ["a"]));
        Assert.Throws<ArgumentException>(() => bad.Save(folder.File("good.html")));
        Assert.Contains("induction-2l", File.ReadAllText(folder.File("good.html")));
    }

    [Fact]
    public void The_page_carries_configuration_seed_libraries_and_numbers_as_they_were_given()
    {
        float[] scores = [0.1f, 1f / 3, float.NaN, 0.75f];
        var report = new Report("Heads") { Seed = 7, Command = "interp heads <model>" };
        report.Configuration["layers"] = 2;
        report.Configuration["name"] = "a</script>b";
        report.Libraries["libtorch"] = "2.8.0";
        report.AddNumbers("scores", new Grid(scores, 2, 2));
        report.AddNumbers("list", [0.5f, 0.1f]);
        report.AddNumber("accuracy", 0.1 + 0.2);
        var data = PageReader.Data(report.ToHtml());
        Assert.Equal(7, data["seed"]!.GetValue<int>());
        Assert.Equal(2, data["configuration"]!["layers"]!.GetValue<int>());
        Assert.Equal("a</script>b", data["configuration"]!["name"]!.GetValue<string>());
        Assert.Equal("2.8.0", data["libraries"]!["libtorch"]!.GetValue<string>());
        Assert.Equal("interp heads <model>", data["command"]!.GetValue<string>());
        Assert.Equal("[[0.1,0.33333334],[\"NaN\",0.75]]", data["numbers"]!["scores"]!.ToJsonString());
        Assert.Equal("[0.5,0.1]", data["numbers"]!["list"]!.ToJsonString());
        Assert.Equal(0.1 + 0.2, data["numbers"]!["accuracy"]!.GetValue<double>());
        Assert.Null(PageReader.Data(new Report("Plain").ToHtml())["seed"]);
    }

    [Fact]
    public void Two_numbers_of_one_name_are_an_error()
    {
        var report = new Report("Heads");
        report.AddNumber("loss", 1);
        Assert.Contains("'loss'", Assert.Throws<ArgumentException>(() => report.AddNumber("loss", 2)).Message);
    }

    [Fact]
    public void Hostile_texts_stay_text_everywhere()
    {
        var report = SampleReport.Build(interactive: false, hostile: true);
        report.AddSection(SampleReport.Hostile).Add(SampleReport.Hostile + " `" + SampleReport.Hostile + "`")
            .Add(new LineFigure(SampleReport.Hostile, new Series(SampleReport.Hostile, new float[] { 1, 2 }),
                new Series("", new float[] { 1, 2 }))
            { X = new Axis(SampleReport.Hostile), Caption = SampleReport.Hostile });
        report.Configuration[SampleReport.Hostile] = SampleReport.Hostile;
        report.Libraries[SampleReport.Hostile] = SampleReport.Hostile;
        var html = report.ToHtml();
        Assert.DoesNotContain("<img src=x", html);
        Assert.Equal(Regex.Count(html, "<script"), Regex.Count(html, "</script>"));
        Assert.Equal(SampleReport.Hostile, PageReader.Data(html)["title"]!.GetValue<string>());
    }

    [Fact]
    public void Nothing_in_the_page_is_loaded_from_elsewhere()
    {
        var html = SampleReport.Build(interactive: false).ToHtml();
        Assert.All(Addresses().Matches(html), match => Assert.Equal("http://www.w3.org/2000/svg", match.Value));
        Assert.All(Sources().Matches(html).Cast<Match>(), source =>
            Assert.Matches("^(data:|#)", source.Groups[1].Value));
        Assert.DoesNotContain("@import", html);
        Assert.DoesNotContain("url(", html);
        Assert.Contains("default-src &#39;none&#39;", html);
    }

    [Fact]
    public void Plotly_is_in_the_page_once_and_only_if_figures_ask_for_it()
    {
        static int Count(string html) => Regex.Count(html, @"plotly\.js v\d");
        Assert.Equal(PlotlyBundle.IsEmbedded ? 1 : 0, Count(SampleReport.Build(interactive: true).ToHtml()));
        Assert.Equal(0, Count(SampleReport.Build(interactive: false).ToHtml()));
        Assert.Equal(0, Count(PageReader.Page(new Prose("No figures."))));
    }

    [Fact]
    public void Long_reports_begin_with_a_list_of_contents_that_leads_to_every_section()
    {
        var html = SampleReport.Build(interactive: false).ToHtml();
        for (var i = 1; i <= 4; i++)
        {
            Assert.Contains($"href=\"#section-{i}\"", html);
            Assert.Contains($"id=\"section-{i}\"", html);
        }
        Assert.DoesNotContain("<nav", PageReader.Page(new Prose("Short.")));
    }

    [Fact]
    public void Ids_follow_the_order_of_the_figures_and_no_id_is_used_twice()
    {
        var html = PageReader.WithoutScripts(SampleReport.Build(interactive: false).ToHtml());
        var ids = Ids().Matches(html).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(["figure-1", "figure-2", "figure-3", "figure-4", "figure-5", "figure-6"],
            ids.Where(id => id.StartsWith("figure")));
    }

    [Fact]
    public void The_time_is_in_the_page_only_if_it_is_given()
    {
        var made = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);
        Assert.Contains("2026-02-03 04:05", new Report("Timed") { Created = made }.ToHtml());
        Assert.DoesNotContain("<time", new Report("Timeless").ToHtml());
    }

    [Fact]
    public void Prose_sets_paragraphs_and_code_and_keeps_a_lone_backtick()
    {
        var html = PageReader.Page(new Prose("Hook `blocks.0.<x>` fires.\n\nA lone ` stays."));
        Assert.Contains("<p>Hook <code>blocks.0.&lt;x&gt;</code> fires.</p>", html);
        Assert.Contains("<p>A lone ` stays.</p>", html);
    }

    [GeneratedRegex(@"https?://[^""'\s<>)]+")]
    private static partial Regex Addresses();

    [GeneratedRegex(@"(?:src|href)=""([^""]*)""")]
    private static partial Regex Sources();

    [GeneratedRegex(@"\sid=""([^""]*)""")]
    private static partial Regex Ids();
}
