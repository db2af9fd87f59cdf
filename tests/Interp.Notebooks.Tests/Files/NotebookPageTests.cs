using System.Text.RegularExpressions;
using Interp.Notebooks.Files;
using Interp.Reports.Tests;
using Interp.Reports.Tests.Browser;

namespace Interp.Notebooks.Tests.Files;

public sealed class NotebookPageTests
{
    [BrowserFact]
    public async Task An_exported_walkthrough_works_in_a_browser()
    {
        var notebook = NotebookFile.Load(Repository.Path("notebooks/walkthroughs/hooks-in-ten-minutes.ipynb"));
        Assert.True(NotebookRunner.Run(notebook).Succeeded);
        using var folder = new TemporaryFolder();
        var page = folder.File("page.html");
        // At the end: the pages in frames have an end of their own.
        await File.WriteAllTextAsync(page, NotebookPage.Write(notebook) + """
            <script>
            const look = () => {
              const frame = document.querySelector("iframe");
              const view = frame?.contentDocument?.querySelector(".attention");
              const plotted = !window.Plotly || document.documentElement.dataset.plots !== undefined;
              if (view?.dataset.ready !== "true" || !plotted || frame.offsetHeight < 450) return setTimeout(look, 50);
              const drawn = document.querySelectorAll("figure .plot, figure:not(.drawn) .static svg").length;
              document.documentElement.dataset.out =
                `figures=${drawn} thumbnails=${view.querySelectorAll(".head canvas").length} high=${frame.offsetHeight > 450}`;
            };
            look();
            </script>
            """);
        var (document, console) = await Chromium.LoadAsync(page);
        Assert.Empty(console);
        Assert.Equal("figures=4 thumbnails=8 high=true", Regex.Match(document, "data-out=\"([^\"]*)\"").Groups[1].Value);
    }
}
