using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Interp.Reports.Tests.Browser;

public class FeaturesBrowserTests
{
    private const string Helpers = """
        const view = document.getElementById("features-1");
        const rows = () => [...view.querySelectorAll(".feature-row")].sort((a, b) => parseInt(a.style.top) - parseInt(b.style.top));
        const first = () => rows().slice(0, 3).map(row => row.querySelector("b").textContent).join("/");
        const title = () => view.querySelector("h3").textContent.replace(" ", "");
        const input = view.querySelector("input");
        const type = text => { input.value = text; input.dispatchEvent(new Event("input")); };
        const count = () => view.querySelector(".feature-count").textContent.replaceAll(" ", "_");
        const key = (target, name) => target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
        const pause = () => new Promise(done => setTimeout(done, 150));
        """;

    [BrowserFact]
    public async Task A_search_finds_numbers_and_tokens_and_orders_can_be_chosen_and_turned()
    {
        var document = await ShowAsync(SampleFeatures.Report(SampleFeatures.Sheets(300)), """
            out.strongest = first() + "," + count();
            type("mary");
            out.mary = count();
            out.marked = rows()[0].querySelector("mark").textContent;
            type(" mary");
            out.space = count();
            type("ary ");
            out.none = count() + "," + rows().length;
            type("27");
            out.number = first() + "," + count();
            type("");
            const order = view.querySelector("select");
            const by = name => { order.value = name; order.dispatchEvent(new Event("change")); return first(); };
            out.density = by("density");
            out.rare = by("rare");
            out.byNumber = by("number");
            view.querySelector(".feature-tools button").click();
            out.turned = first();
            out.drawn = rows().length < 60;
            """);
        Assert.Equal("strongest=0/3/6,300_features,_1_never_fire mary=90_of_300_features marked=·Mary "
            + "space=90_of_300_features none=0_of_300_features,0 number=27,1_of_300_features "
            + "density=894/891/888 rare=0/3/6 byNumber=0/3/6 turned=897/894/891 drawn=true", document);
    }

    [BrowserFact]
    public async Task The_address_keys_and_links_lead_to_features()
    {
        var document = await ShowAsync(SampleFeatures.Report(SampleFeatures.Sheets(300)), """
            out.opened = title() + "," + view.querySelector(".feature-row[aria-selected=true] b").textContent;
            key(document.body, "j");
            await pause();
            out.next = title() + "," + location.hash;
            key(document.body, "k"); key(document.body, "k");
            await pause();
            out.back = title();
            key(view.querySelector(".feature-list"), "End");
            await pause();
            out.end = title() + "," + view.querySelector(".feature-groups").textContent.includes("never above zero")
              + "," + view.querySelector("[title^=Next]").disabled;
            key(document.body, "/");
            out.slash = document.activeElement === input;
            key(input, "j");
            await pause();
            out.typing = title();
            location.hash = "feature=450";
            await pause();
            out.address = title();
            const link = [...view.querySelectorAll("a")].find(a => a.textContent === "feature 6");
            link.click();
            await pause();
            out.link = title();
            history.back();
            await pause();
            out.before = title();
            out.links = view.querySelectorAll(".feature-table a").length;
            rows().find(row => row.querySelector("b").textContent === "447").click();
            await pause();
            out.row = title() + "," + location.hash;
            """, address: "feature=600");
        Assert.Equal("opened=Feature600,600 next=Feature603,#feature=603 back=Feature597 end=Feature897,true,true slash=true "
            + "typing=Feature897 address=Feature450 link=Feature6 before=Feature450 links=1 row=Feature447,#feature=447", document);
    }

    [BrowserFact]
    public async Task Tokens_are_coloured_by_their_activation_and_show_it_under_the_pointer()
    {
        var document = await ShowAsync(SampleFeatures.Report(SampleFeatures.Sheets(6)), """
            const line = view.querySelector(".feature-line");
            const tokens = [...line.querySelectorAll(".tok")];
            const peak = line.querySelector(".tok.peak");
            out.tokens = tokens.length + "," + tokens.indexOf(peak) + "," + peak.style.getPropertyValue("--w");
            out.peaks = new Set([...view.querySelectorAll(".tok.peak")].map(tok => Math.round(tok.getBoundingClientRect().left))).size;
            out.lines = [...view.querySelectorAll(".feature-line")].every(each => each.clientHeight < 40);
            peak.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
            const tip = view.querySelector(".feature-tip");
            out.tip = tip.textContent + "," + tip.hidden;
            out.low = tokens[0].classList.contains("low") + "," + tokens[0].style.getPropertyValue("--w") + "," + tokens[0].dataset.tip;
            out.bars = view.querySelectorAll(".feature-bars rect.bar").length + "," + view.querySelectorAll(".feature-bars rect.low").length;
            view.querySelectorAll(".feature-bars rect.hit")[1].dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
            out.bar = tip.textContent.replaceAll(" ", "_");
            line.click();
            out.open = line.classList.contains("open");
            """, address: "feature=3");
        Assert.Equal("tokens=16,8,100 peaks=1 lines=true tip=5.25,false low=true,24,−1.00 bars=10,7 bar=−1.50_to_−1.00:_4 open=true", document);
    }

    [BrowserFact]
    public async Task Hostile_texts_run_nothing_and_narrow_windows_do_not_scroll_sideways()
    {
        var document = await ShowAsync(SampleFeatures.Report(SampleFeatures.Sheets(40)), """
            for (const number of [12, 15, 18]) { location.hash = `feature=${number}`; await pause(); }
            out.owned = document.title === "owned";
            out.images = view.querySelectorAll("img, script:not([id])").length;
            out.text = view.querySelector(".feature-sheet").textContent.includes("<" + "/script>");
            out.fits = document.documentElement.scrollWidth <= innerWidth;
            out.width = innerWidth < 520;
            """, address: "feature=12", options: "--window-size=500,900");
        Assert.Equal("owned=false images=0 text=true fits=true width=true", document);
    }

    [BrowserFact]
    public async Task Several_thousand_features_open_in_under_two_seconds()
    {
        // 26 examples of 19 tokens each, as 'interp sae dashboard' makes them, over a vocabulary of 50,000.
        var report = SampleFeatures.Report(SampleFeatures.Sheets(4096, windows: 26, length: 19),
            token => SampleFeatures.Vocabulary[token % 10] + token);
        // Wall-clock, in which the browser starts too, without the virtual time of the other tests: an empty page with
        // the same options is what does not count.
        async Task<TimeSpan> Open(string html)
        {
            using var folder = new TemporaryFolder();
            var page = folder.File("page.html");
            await File.WriteAllTextAsync(page, html);
            var best = TimeSpan.MaxValue;
            for (var attempt = 0; attempt < 3; attempt++)
            {
                var clock = Stopwatch.StartNew();
                var (document, console) = await Chromium.LoadAsync(page);
                Assert.Empty(console);
                Assert.Contains("data-shown=\"0\"", document);
                if (clock.Elapsed < best) best = clock.Elapsed;
                if (best < TimeSpan.FromSeconds(2)) break;
            }

            return best;
        }

        var empty = await Open("<!DOCTYPE html><title>x</title><p data-shown=\"0\">x");
        var full = await Open(report.ToHtml());
        // Two seconds on a machine that opens the empty page in one; one that is busy with other things is given more.
        var allowed = TimeSpan.FromSeconds(2) * Math.Max(1, empty.TotalSeconds);
        Assert.True(full - empty < allowed, $"the page took {full - empty} longer than an empty one, which took {empty}");
    }

    private static async Task<string> ShowAsync(Report report, string script, string address = "", params string[] options)
    {
        using var folder = new TemporaryFolder();
        var html = report.ToHtml().Replace("<body>", address.Length > 0 ? $"<body><script>location.hash = \"{address}\";</script>"
            : "<body>").Replace("</body>", $$"""
            <script>
            const begin = async () => {
              const root = document.getElementById("features-1");
              if (root.dataset.ready !== "true" || !root.dataset.shown) return setTimeout(begin, 50);
              const out = {};
              {{Helpers}}
              {{script}}
              document.documentElement.dataset.out = Object.entries(out).map(each => each.join("=")).join(" ");
            };
            begin();
            </script></body>
            """);
        var page = folder.File("page.html");
        await File.WriteAllTextAsync(page, html);
        var (document, console) = await Chromium.LoadAsync(page, options);
        Assert.Empty(console);
        return Regex.Match(document, "data-out=\"([^\"]*)\"").Groups[1].Value;
    }
}
