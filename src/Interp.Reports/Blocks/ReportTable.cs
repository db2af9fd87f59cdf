using System.Text.Json.Nodes;
using static Interp.Reports.Numbers;

namespace Interp.Reports;

/// <summary>
/// A table whose columns sort by a click on their name. The first column names the row; numbers stand to the right,
/// in the same width per digit.
/// </summary>
/// <example><code>
/// var table = new ReportTable("Heads", "head", new TableColumn("induction") { Style = CellStyle.Heat, Maximum = 1 });
/// table.AddRow("L1H4", 0.93f);
/// </code></example>
public sealed class ReportTable : ReportBlock
{
    private readonly List<Cell[]> _rows = [];

    /// <param name="title">One line that says what is listed.</param>
    /// <param name="columns">The columns; a text is a column with defaults.</param>
    public ReportTable(string title, params IReadOnlyList<TableColumn> columns)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0) throw new ArgumentException($"the table '{title}' has no columns; give at least one");
        Title = title;
        Columns = columns;
    }

    /// <summary>One line that says what is listed.</summary>
    public string Title { get; }

    /// <summary>The columns.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>A sentence or two below the title.</summary>
    /// <value>Default: empty.</value>
    public string Caption { get; init; } = "";

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One cell per column.</param>
    /// <returns>This table.</returns>
    /// <exception cref="ArgumentException">There are not as many cells as columns.</exception>
    public ReportTable AddRow(params Cell[] cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (cells.Length != Columns.Count)
            throw new ArgumentException(
                $"a row of '{Title}' has {cells.Length} cells and the table {Columns.Count} columns; "
                + "give one for each");
        _rows.Add(cells);
        return this;
    }

    internal override void Render(Page page)
    {
        var id = page.NextTable();
        var html = page.Html;
        html.Open("div", ("class", "table-box"), ("role", "region"), ("aria-labelledby", id + "-title"),
            ("tabindex", "0"));
        html.Open("table", ("id", id));
        html.Open("caption", ("id", id + "-title")).Element("strong", Title);
        if (Caption.Length > 0) html.Open("span", ("class", "caption")).Raw(Prose.Inline(Caption)).Close();
        html.CloseLine();
        Head(html);
        Body(html);
        html.Close().CloseLine();
        page.AddTable(Data(id));
    }

    private void Head(MarkupWriter html)
    {
        html.Open("thead").Open("tr");
        for (var column = 0; column < Columns.Count; column++)
            html.Element("th", Columns[column].Header, ("scope", "col"),
                ("class", IsNumeric(column) ? "number" : null));
        html.Close().CloseLine();
    }

    private void Body(MarkupWriter html)
    {
        var looks = Columns.Select((column, i) => new ColumnLook(column, _rows.Select(row => row[i]))).ToArray();
        html.Open("tbody");
        foreach (var row in _rows)
        {
            html.Open("tr");
            for (var column = 0; column < row.Length; column++) Write(html, row[column], column, looks[column]);
            html.CloseLine();
        }
        html.Close();
    }

    private static void Write(MarkupWriter html, Cell cell, int column, ColumnLook look)
    {
        var (name, scope) = column == 0 ? ("th", "row") : ("td", null);
        if (!cell.IsNumber)
        {
            html.Element(name, cell.Text ?? "", ("scope", scope), ("class", look.Wrap ? "wrap" : null));
            return;
        }
        var style = look.Style(cell.Number);
        html.Open(name, ("scope", scope), ("class", $"number{(style is null ? "" : " " + look.Class)}"),
            ("data-value", cell.Exact), ("title", cell.Exact), ("style", style));
        html.Text(cell.IsWhole ? Format(cell.Number, "#,0") : Format(cell.Number, look.Format)).Close();
    }

    private bool IsNumeric(int column) => _rows.Count > 0 && _rows.All(row => row[column].IsNumber);

    private JsonObject Data(string id) => new()
    {
        ["id"] = id,
        ["title"] = Title,
        ["columns"] = Json.Array(Columns.Select(column => column.Header)),
        ["rows"] = new JsonArray([.. _rows.Select(row =>
            (JsonNode)new JsonArray([.. row.Select(cell => cell.ToJson())]))]),
    };
}
