namespace Interp.Reports;

/// <summary>Claims beside what was measured: a table on a page, lines on the terminal.</summary>
/// <remarks>
/// The table may stand in a report before any claim is known: claims that are added later are in the page.
/// <code>
/// var claims = new ClaimTable();
/// report.AddSection("Verdict").Add(claims);
/// claims.Add("a head copies", $"{score:0.00}", "≥ 0.5", score >= 0.5, published: "0.8");
/// claims.Write(Console.Out);
/// </code>
/// </remarks>
public sealed class ClaimTable : ReportBlock
{
    private const string NotJudged = "not judged";

    private readonly List<Row> _rows = [];

    /// <param name="title">The title of the table.</param>
    public ClaimTable(string title = "Claims")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        Title = title;
    }

    /// <summary>The title of the table.</summary>
    public string Title { get; }

    /// <summary>A sentence or two below the title.</summary>
    /// <value>Default: empty.</value>
    public string Caption { get; init; } = "";

    /// <summary>Whether claims are judged; a run that only shows that every part works is too short for it.</summary>
    /// <value>Default: true.</value>
    public bool IsJudged { get; init; } = true;

    /// <summary>How many claims there are.</summary>
    public int Count => _rows.Count;

    /// <summary>Whether no claim failed.</summary>
    public bool Holds => !IsJudged || _rows.All(row => row.Holds);

    /// <summary>Adds a claim.</summary>
    /// <param name="claim">The claim, short.</param>
    /// <param name="measured">What was measured.</param>
    /// <param name="holdsWhen">The bound that decides.</param>
    /// <param name="holds">Whether it holds.</param>
    /// <param name="published">What was published; the column is left out where no claim has it.</param>
    /// <param name="isCore">Whether it is a core claim, marked with *.</param>
    /// <returns>This table.</returns>
    public ClaimTable Add(string claim, string measured, string holdsWhen, bool holds, string published = "",
        bool isCore = false)
    {
        _rows.Add(new Row(claim, isCore, measured, holdsWhen, holds, published));
        return this;
    }

    /// <summary>Writes a line for each claim: whether it holds, the claim, what was measured.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="withPublished">Whether to write what was published behind it.</param>
    public void Write(TextWriter writer, bool withPublished = false)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var row in _rows)
            writer.WriteLine($"{(!IsJudged ? NotJudged : row.Holds ? "holds" : "does not hold"),-13}  "
                + $"{row.Claim}: {row.Measured}"
                + (withPublished && row.Published.Length > 0 ? $" (published: {row.Published})" : ""));
    }

    internal override void Render(Page page)
    {
        var published = _rows.Any(row => row.Published.Length > 0);
        var table = new ReportTable(Title, ["claim", "holds", new TableColumn("measured") { Wrap = true },
            new TableColumn("holds when") { Wrap = true },
            .. published ? (TableColumn[])[new TableColumn("published") { Wrap = true }] : []])
        { Caption = Caption };
        foreach (var row in _rows)
            table.AddRow([row.IsCore ? row.Claim + " *" : row.Claim,
                !IsJudged ? NotJudged : row.Holds ? "yes" : "no", row.Measured, row.HoldsWhen, .. published ? (Cell[])[row.Published] : []]);
        table.Render(page);
    }

    private sealed record Row(string Claim, bool IsCore, string Measured, string HoldsWhen, bool Holds, string Published);
}
