using Interp.Circuits.Heads;
using Interp.Models;
using Interp.Reports;

namespace Interp.Studies.Pages;

/// <summary>The scores of heads as a page: one map for each score, a table, and the patterns on one sequence.</summary>
public static class HeadsReport
{
    /// <summary>From this score on a head counts as of that kind.</summary>
    public const double Clear = 0.4;

    private static readonly (string Name, Func<HeadScore, double> Score)[] Kinds =
    [
        ("previous token", head => head.PreviousToken),
        ("duplicate token", head => head.DuplicateToken),
        ("induction", head => head.Induction),
    ];

    /// <summary>Makes the page.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scores">What was measured.</param>
    /// <param name="patterns">The attention on one sequence.</param>
    /// <param name="command">The command line that makes the page again.</param>
    public static Report Create(HookedTransformer model, HeadScores scores, AttentionPatterns patterns, string command)
    {
        var (layers, heads) = (model.Config.NLayers, model.Config.NHeads);
        var report = ModelReport.Create($"Heads of {model.Config.ModelName}", command, model, scores.Seed, Summary(scores));
        report.Configuration["sequences"] = scores.Sequences;
        report.Configuration["period"] = scores.Period;
        report.Configuration["repeats"] = scores.Repeats;

        var section = report.AddSection("Scores").Add(
            "Each head on sequences of random tokens that repeat. Previous token: mean attention to the token before. "
            + "Duplicate token: to the earlier copies of the token. Induction: to the tokens that followed the earlier "
            + "copies (Olsson et al. 2022). 1 is all attention.");
        foreach (var (name, score) in Kinds) section.Add(Map(name, Values(scores, score), layers, heads));
        section.Add(Table(scores));

        var view = new AttentionView("Attention patterns", patterns.Tokens, layers, heads, patterns.Values)
        {
            Caption = "One sequence of random tokens, repeated.",
        };
        foreach (var (name, score) in Kinds.Reverse()) view.AddScore(name, Values(scores, score));
        report.AddSection("What the heads attend to").Add(view);
        return report;
    }

    /// <summary>One line that names the heads of a kind, the clearest first.</summary>
    /// <param name="kind">The kind, in the plural.</param>
    /// <param name="scores">What was measured.</param>
    /// <param name="score">The kind's score of a head.</param>
    public static string Found(string kind, HeadScores scores, Func<HeadScore, double> score)
    {
        var clear = scores.Heads.Where(head => score(head) >= Clear).OrderByDescending(score).ToArray();
        return $"{kind} (score {Clear} or more): " + (clear.Length == 0
            ? "none"
            : string.Join(", ", clear.Select(head => $"{head.Label} {score(head):0.00}")));
    }

    private static string Summary(HeadScores scores) => string.Join(". ",
        Found("Previous-token heads", scores, Kinds[0].Score),
        Found("Duplicate-token heads", scores, Kinds[1].Score),
        Found("Induction heads", scores, Kinds[2].Score)) + ".";

    private static HeatmapFigure Map(string name, float[] values, int layers, int heads) =>
        new($"{char.ToUpperInvariant(name[0])}{name[1..]} score", new Grid(values, layers, heads))
        {
            RowAxis = new Axis("layer"),
            ColumnAxis = new Axis("head"),
            ValueName = "score",
            Minimum = 0,
            Maximum = 1,
            CellFormat = "0.00",
        };

    private static ReportTable Table(HeadScores scores)
    {
        var table = new ReportTable("Every head", [
            "head", .. Kinds.Select(kind => new TableColumn(kind.Name) { Style = CellStyle.Heat, Minimum = 0, Maximum = 1 })]);
        foreach (var head in scores.Heads) table.AddRow([head.Label, .. Kinds.Select(kind => (Cell)kind.Score(head))]);
        return table;
    }

    private static float[] Values(HeadScores scores, Func<HeadScore, double> score) =>
        [.. scores.Heads.Select(head => (float)score(head))];
}
