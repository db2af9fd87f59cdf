using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>
/// A drawing of numbers. It is a data model that two writers draw: plotly.js in a report or notebook that runs
/// scripts, and the toolkit's own SVG everywhere else (print, GitHub, pages without scripts).
/// </summary>
public abstract class Figure : ReportBlock
{
    /// <param name="title">One line that says what is shown.</param>
    private protected Figure(string title)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        Title = title;
    }

    /// <summary>One line that says what is shown.</summary>
    public string Title { get; }

    /// <summary>A sentence or two below the title: how to read it, what it is measured on.</summary>
    /// <value>Default: empty.</value>
    public string Caption { get; init; } = "";

    /// <summary>What a screen reader says in place of the drawing.</summary>
    /// <value>Default: null, made from the kind, the title, the axes and the range of the numbers.</value>
    public string? Description { get; init; }

    /// <summary>
    /// What the drawing cannot show: how many numbers are left out and why. Empty where it shows everything.
    /// </summary>
    public abstract string Note { get; }

    /// <summary>The figure as one SVG file with its title and styles inside, for light and dark pages.</summary>
    public string ToSvg() => Draw(new SvgCanvas(Title, Description ?? Describe(), standalone: true));

    /// <summary>
    /// The figure as plotly.js takes it: <c>{"data":[…],"layout":{…}}</c>, with numbers as base64 float32 arrays.
    /// </summary>
    public abstract JsonObject ToPlotly();

    internal abstract string Draw(SvgCanvas canvas);

    private protected abstract string Describe();

    internal override void Render(Page page)
    {
        var number = page.NextFigure();
        var id = $"figure-{number}";
        var html = page.Html;
        html.Open("figure", ("class", "figure"), ("id", id));
        html.Open("figcaption").Element("b", $"Figure {number}").Text(" ").Element("strong", Title);
        if (Caption.Length > 0) html.Open("span", ("class", "caption")).Raw(Prose.Inline(Caption)).Close();
        html.Close();
        html.Open("div", ("class", "static")).Raw(Draw(new SvgCanvas("", Description ?? Describe(), standalone: false)))
            .Close();
        if (Note.Length > 0) html.Element("p", Note, ("class", "note"));
        html.CloseLine();
        page.AddFigure(id, this);
    }
}
