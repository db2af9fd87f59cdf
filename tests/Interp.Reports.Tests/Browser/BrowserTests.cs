using System.Text.RegularExpressions;

namespace Interp.Reports.Tests.Browser;

public class BrowserTests
{
    [BrowserFact]
    public async Task Without_plotly_the_page_runs_its_scripts_and_shows_the_drawings()
    {
        var document = await ShowAsync(SampleReport.Build(interactive: false), """
            out.ready = document.documentElement.dataset.report;
            out.attention = document.getElementById("attention-1").dataset.ready;
            out.thumbnails = document.querySelectorAll("#attention-1 .head canvas").length;
            out.tokens = document.querySelectorAll("#attention-1 .words .tok").length;
            out.sorters = document.querySelectorAll("thead button").length;
            const wide = svg => svg.getBoundingClientRect().width > 100;
            out.drawings = [...document.querySelectorAll(".static svg")].filter(wide).length;
            out.plots = document.querySelectorAll(".plot").length;
            """);
        Assert.Equal("ready=ready attention=true thumbnails=16 tokens=24 sorters=4 drawings=6 plots=0", document);
    }

    [BrowserFact(NeedsPlotly = true)]
    public async Task With_plotly_every_figure_is_drawn_by_it_in_place_of_the_drawing()
    {
        var document = await ShowAsync(SampleReport.Build(interactive: true), """
            out.plots = document.documentElement.dataset.plots;
            out.cells = document.querySelectorAll("#figure-1 .plot .heatmaplayer image").length;
            out.lines = document.querySelectorAll("#figure-2 .plot .scatterlayer .trace").length;
            out.bars = document.querySelectorAll("#figure-3 .plot .barlayer .point").length;
            out.edges = document.querySelectorAll("#figure-6 .plot .scatterlayer .js-line").length;
            const seen = svg => svg.getBoundingClientRect().width > 0;
            out.drawings = [...document.querySelectorAll(".static svg")].filter(seen).length;
            """);
        Assert.Equal("plots=6 cells=1 lines=2 bars=12 edges=6 drawings=0", document);
    }

    [BrowserFact]
    public async Task Pointing_holding_and_keys_show_where_a_token_attends()
    {
        var pattern = new float[2 * 2 * 3 * 3];
        // L1H0: token 2 attends to token 0 with 0.75 and to itself with 0.25.
        (pattern[18], pattern[18 + 4], pattern[18 + 6], pattern[18 + 8]) = (1, 1, 0.75f, 0.25f);
        (pattern[0], pattern[4], pattern[8]) = (1, 1, 1);
        var view = new AttentionView("View", ["one", " two", " three"], 2, 2, pattern)
            .AddScore("induction", new float[] { 0, 0.1f, 0.9f, 0.2f });
        var report = new Report("Attention");
        report.AddSection("View").Add(view);
        var document = await ShowAsync(report, """
            const view = document.getElementById("attention-1");
            const tokens = [...view.querySelectorAll(".words .tok")];
            const shades = () => tokens.map(token => token.style.getPropertyValue("--w")).join("/");
            const key = (target, name) =>
                target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
            out.head = view.querySelector(".head-title").firstChild.textContent;
            out.first = view.querySelector(".sources .number:nth-child(3)").textContent;
            out.shades = shades();
            tokens[1].dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
            out.pointed = shades();
            tokens[2].click();
            tokens[1].dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
            out.held = shades() + "," + tokens[2].getAttribute("aria-selected");
            key(tokens[2], "Escape");
            out.released = shades();
            view.querySelectorAll("input[value=from]")[0].click();
            tokens[0].dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
            out.from = shades();
            const map = view.querySelector(".map canvas");
            const box = map.getBoundingClientRect();
            map.dispatchEvent(new PointerEvent("pointermove", { clientX: box.right - 8, clientY: box.bottom - 8 }));
            out.map = shades() + "," + view.querySelector(".sources p").textContent.split(" ")[0];
            key(view.querySelector(".head[aria-selected=true]"), "ArrowUp");
            out.up = view.querySelector(".head-title").firstChild.textContent;
            key(view.querySelector(".head[aria-selected=true]"), "ArrowUp");
            out.stays = view.querySelector(".head-title").firstChild.textContent;
            key(view.querySelector(".head[aria-selected=true]"), "ArrowRight");
            out.right = view.querySelector(".head-title").firstChild.textContent;
            """);
        Assert.Equal("head=L1H0 first=0.750 shades=75.0/0.0/25.0 pointed=0.0/100.0/0.0 held=75.0/0.0/25.0,true "
            + "released=0.0/100.0/0.0 from=100.0/0.0/75.0 map=0.0/0.0/25.0,‘·three’ up=L0H0 stays=L0H0 right=L0H1",
                document);
    }

    [BrowserFact]
    public async Task Weights_of_8_bits_are_unpacked_to_the_numbers_they_stand_for()
    {
        var tokens = Enumerable.Range(0, 200).Select(i => $" t{i}").ToArray();
        var pattern = new float[200 * 200];
        for (var i = 0; i < 200; i++) (pattern[i * 200], pattern[i * 200 + i]) = (0.25f, i == 0 ? 1 : 0.75f);
        var report = new Report("Attention");
        report.AddSection("View").Add(new AttentionView("View", tokens, 1, 1, pattern));
        var document = await ShowAsync(report, """
            out.rows = [...document.querySelectorAll(".sources tr")].slice(0, 3)
              .map(row => [...row.cells].slice(0, 3).map(cell => cell.textContent).join(":")).join("/");
            """);
        Assert.Equal("rows=199:·t199:0.748/0:·t0:0.252/1:·t1:0.000", document);
    }

    [BrowserFact]
    public async Task A_click_on_a_column_sorts_by_number_and_another_turns_the_order()
    {
        var report = new Report("Table");
        report.AddSection("Table").Add(new ReportTable("Heads", "head", "score")
            .AddRow("L0H10", 0.5f).AddRow("L0H9", -3f).AddRow("L0H2", 10f).AddRow("L0H1", float.NaN));
        var document = await ShowAsync(report, """
            const names = () => [...document.querySelectorAll("tbody th")].map(cell => cell.textContent).join("/");
            const [head, score] = document.querySelectorAll("thead button");
            score.click();
            out.down = names();
            score.click();
            out.up = names() + "," + score.parentElement.getAttribute("aria-sort");
            head.click();
            out.names = names();
            """);
        Assert.Equal("down=L0H2/L0H10/L0H9/L0H1 up=L0H1/L0H9/L0H10/L0H2,ascending names=L0H1/L0H2/L0H9/L0H10",
            document);
    }

    [BrowserFact]
    public async Task Hostile_token_texts_run_nothing()
    {
        var document = await ShowAsync(SampleReport.Build(interactive: true, hostile: true), """
            out.owned = document.title === "owned";
            out.images = document.querySelectorAll("img").length;
            out.ready = document.getElementById("attention-1").dataset.ready;
            """);
        Assert.Equal("owned=false images=0 ready=true", document);
    }

    /// <summary>
    /// Opens a report, runs a script once the report's own scripts are through, and returns what the script noted; the
    /// console must stay empty.
    /// </summary>
    private static async Task<string> ShowAsync(Report report, string script)
    {
        using var folder = new TemporaryFolder();
        var html = report.ToHtml().Replace("</body>", $$"""
            <script>
            const isReady = () => document.documentElement.dataset.report === "ready"
              && [...document.querySelectorAll(".attention")].every(view => view.dataset.ready === "true")
              && (!window.Plotly || document.documentElement.dataset.plots !== undefined);
            const begin = () => {
              if (!isReady()) return setTimeout(begin, 50);
              const out = {};
              {{script}}
              document.documentElement.dataset.out = Object.entries(out).map(each => each.join("=")).join(" ");
            };
            begin();
            </script></body>
            """);
        var page = folder.File("page.html");
        await File.WriteAllTextAsync(page, html);
        var (document, console) = await Chromium.LoadAsync(page);
        Assert.Empty(console);
        return Regex.Match(document, "data-out=\"([^\"]*)\"").Groups[1].Value;
    }
}
