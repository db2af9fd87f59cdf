using System.Text;
using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>
/// Results as one HTML file that opens offline. Beside what a reader sees, the file holds what a program needs: the
/// configuration, the seed, the library versions and every number, as JSON in the element
/// <c>&lt;script type="application/json" id="data"&gt;</c>. The same report gives the same bytes.
/// </summary>
/// <example><code>
/// var report = new Report("Heads of induction-2l") { Seed = 0 };
/// report.Configuration["layers"] = 2;
/// report.AddNumbers("induction", new Grid(scores, 2, 8));
/// report.AddSection("Scores")
///     .Add("Each head on 32 repeated random sequences.")
///     .Add(new HeatmapFigure("Induction score", new Grid(scores, 2, 8)));
/// report.Save("heads.html");
/// </code></example>
public sealed class Report
{
    private readonly List<ReportSection> _sections = [];

    /// <param name="title">The title of the page.</param>
    public Report(string title)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        Title = title;
        Libraries["Interp"] = typeof(Report).Assembly.GetName().Version!.ToString(3);
        Libraries[".NET"] = Environment.Version.ToString();
    }

    /// <summary>The title of the page.</summary>
    public string Title { get; }

    /// <summary>A sentence or two below the title: what was asked, what came out.</summary>
    /// <value>Default: empty.</value>
    public string Summary { get; init; } = "";

    /// <summary>The command that makes the report again.</summary>
    /// <value>Default: empty.</value>
    public string Command { get; init; } = "";

    /// <summary>The seed of the run.</summary>
    /// <value>Default: null, nothing was random.</value>
    public long? Seed { get; init; }

    /// <summary>When the report was made. Left out by default, so that the same results give the same file.</summary>
    /// <value>Default: null.</value>
    public DateTimeOffset? Created { get; init; }

    /// <summary>
    /// Whether figures are drawn by plotly.js where scripts run. It needs a build with the bundle
    /// (<see cref="PlotlyBundle.IsEmbedded"/>) and adds its 3.6 MB to a page that has figures; print and pages
    /// without scripts show the SVG either way.
    /// </summary>
    /// <value>Default: true.</value>
    public bool Interactive { get; init; } = true;

    /// <summary>The settings of the run: model, shapes, options.</summary>
    public JsonObject Configuration { get; } = [];

    /// <summary>Named numbers of the run beside those that figures, tables and views carry themselves.</summary>
    public JsonObject Values { get; } = [];

    /// <summary>Versions of the libraries behind the numbers; begins with Interp and .NET.</summary>
    public SortedDictionary<string, string> Libraries { get; } = new(StringComparer.Ordinal);

    /// <summary>The sections so far.</summary>
    public IReadOnlyList<ReportSection> Sections => _sections;

    /// <summary>Adds a section at the end.</summary>
    /// <param name="heading">Its heading.</param>
    /// <returns>The section, to be filled.</returns>
    public ReportSection AddSection(string heading)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(heading);
        var section = new ReportSection(heading);
        _sections.Add(section);
        return section;
    }

    /// <summary>Puts a matrix into the page's data under a name, as a list of rows.</summary>
    public void AddNumbers(string name, Grid grid) => AddValue(name, Json.Array(grid));

    /// <summary>Puts a list of numbers into the page's data under a name.</summary>
    public void AddNumbers(string name, ReadOnlySpan<float> values) => AddValue(name, Json.Array(values));

    /// <summary>Puts one number into the page's data under a name.</summary>
    public void AddNumber(string name, double value) => AddValue(name, Json.Number(value));

    /// <summary>The page.</summary>
    public string ToHtml() => ReportPage.Write(this);

    /// <summary>
    /// Writes the page. It is written beside the target and renamed, so that a reader never meets half a file; folders
    /// that are missing are made.
    /// </summary>
    /// <param name="path">The file, which is replaced if it exists.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var html = ToHtml();
        var target = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var temporary = $"{target}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(temporary, html, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private void AddValue(string name, JsonNode value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!Values.TryAdd(name, value))
            throw new ArgumentException(
                $"the report '{Title}' already has numbers named '{name}'; choose another name");
    }
}
