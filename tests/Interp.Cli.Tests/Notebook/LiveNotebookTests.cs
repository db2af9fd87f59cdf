using System.Diagnostics;
using Xunit.Abstractions;

namespace Interp.Cli.Tests.Notebook;

/// <summary>The lab as its participants meet it: a page of Jupyter in a browser, with the kernel behind it.</summary>
[Collection("Processes that build or are measured")]
public sealed class LiveNotebookTests(LiveNotebook live, ITestOutputHelper log) : IClassFixture<LiveNotebook>
{
    private const string Enter = "Jupyter.notebook.insert_cell_at_bottom('code').set_text(''); Jupyter.notebook.ncells() - 1";

    [LiveNotebookFact]
    public async Task A_lab_that_is_solved_runs_with_all_its_checks_figures_and_views()
    {
        var clock = Stopwatch.StartNew();
        await live.OpenAsync("transformer", solved: true);
        await live.RunAllAsync();
        await live.Page.UntilAsync(
            "document.querySelector('.output iframe').contentDocument.querySelector('.attention').dataset.ready === 'true'");
        await live.Page.UntilAsync("document.querySelector('.output iframe').offsetHeight > 430");
        log.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal("", await TextAsync(".output_error, .output_stderr"));
        var page = (await live.Page.ValueAsync("""
            (() => {
              const all = (selector, of) => [...document.querySelectorAll(selector)].map(of);
              const frame = document.querySelector(".output iframe"), inside = frame.contentDocument;
              const prompts = all(".code_cell .input_prompt", e => e.innerText);
              return {
                ran: prompts.every((text, i) => text.includes(`[${i + 1}]`)),
                checks: Jupyter.notebook.get_cells().filter(c => c.metadata.interp?.role === "check")
                  .map(c => c.element.find(".output").text().trimStart()[0]).join(""),
                drawings: all(".output svg.interp-chart", e => e.getBoundingClientRect()).map(r => r.width > 300 && r.height > 200),
                titles: all(".output svg.interp-chart .title", e => e.textContent),
                thumbnails: inside.querySelectorAll(".head canvas").length,
                cut: inside.documentElement.getBoundingClientRect().height > frame.clientHeight + 1,
                pictures: all(".output img", e => e.complete && e.naturalWidth > 0),
                scrolled: document.querySelectorAll(".output_scroll").length,
                wide: all(".output_area", e => e.scrollWidth > e.clientWidth + 1).filter(x => x).length,
                hints: all("details summary", e => getComputedStyle(e).display).filter(x => x !== "list-item").length,
              };
            })()
            """))!;
        Assert.Equal("""
            {"ran":true,"checks":"✓✓✓✓✓✓✓✓✓✓✓✓✓✓✓","drawings":[true,true],
            "titles":["Loss of each token, by your code","The same logits at three temperatures"],
            "thumbnails":8,"cut":false,"pictures":[true],"scrolled":0,"wide":0,"hints":0}
            """.ReplaceLineEndings("").Replace("            ", ""), page.ToJsonString(Plain));
    }

    [LiveNotebookFact]
    public async Task A_participant_reads_hints_and_mistakes_completes_asks_and_interrupts()
    {
        await live.OpenAsync("transformer", solved: false);
        await live.RunAllAsync();
        var exercise = await live.FindAsync("c.metadata.interp?.role === 'exercise'");
        var check = await live.FindAsync("c.metadata.interp?.role === 'check'");
        Assert.StartsWith("Not solved yet. Hint: W_E[tokens] takes a row", await live.OutputAsync(check));
        Assert.Equal(await live.OutputAsync(check), (await TextAsync(".output_error")).Trim());

        await live.Page.ClickAsync("document.querySelector('details summary')");
        await live.Page.UntilAsync("document.querySelector('details[open] p').offsetHeight > 0");

        await Answer("return W_E[tokens];");
        Assert.Equal("✗ embedding: the positions are missing: add the row of W_pos for each place", await live.OutputAsync(check));
        Assert.StartsWith("✗ embedding", await TextAsync(".output_error .ansi-red-fg"));
        await Answer("return W_E[tokens] + W_pos.narrow(0, 0, tokens.size(1));");
        Assert.Equal("✓ embedding: [2, 12, 128], all elements agree within 0.0001", await live.OutputAsync(check));

        var cell = (await live.Page.ValueAsync(Enter))!.GetValue<int>();
        await live.WriteAsync(cell, "tokens.softm");
        await live.Page.PressAsync("Tab", 9); // one match is filled in
        await live.Page.UntilAsync($"Jupyter.notebook.get_cell({cell}).get_text() === 'tokens.softmax'");
        await live.Page.PressAsync("Tab", 9, modifiers: 8);
        await live.Page.UntilAsync("document.querySelector('#tooltip').innerText.includes('normalized to sum 1')");
        await live.Page.PressAsync("Escape", 27);

        await live.WriteAsync(cell, "var name = Console.ReadLine(); name + \"!\"");
        await live.BeginAsync(cell);
        await live.Page.UntilAsync("document.querySelector('input.raw_input') === document.activeElement");
        await live.Page.TypeAsync("Ada");
        await live.Page.PressAsync("Enter", 13);
        await live.EndAsync();
        Assert.EndsWith("Ada!", await live.OutputAsync(cell));

        await live.WriteAsync(cell, "while (true) { }");
        await live.BeginAsync(cell);
        await live.Page.ClickAsync("document.querySelector('[data-jupyter-action=\"jupyter-notebook:interrupt-kernel\"]')");
        await live.EndAsync();
        Assert.StartsWith("Interrupted: the cell was interrupted", await live.OutputAsync(cell));

        await live.WriteAsync(cell, "Environment.FailFast(\"on purpose\");");
        await live.BeginAsync(cell);
        await live.Page.UntilAsync("document.querySelector('.modal-body').innerText.includes('died')");

        async Task Answer(string line)
        {
            await live.WriteAsync(exercise, $"Tensor Embed(Tensor tokens, Tensor W_E, Tensor W_pos)\n{{\n{line}\n}}");
            await live.BeginAsync(exercise);
            await live.EndAsync();
            await live.BeginAsync(check);
            await live.EndAsync();
        }
    }

    private async Task<string> TextAsync(string elements) =>
        (await live.Page.ValueAsync($"[...document.querySelectorAll('{elements}')].map(e => e.innerText).join()"))!.ToString();

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
