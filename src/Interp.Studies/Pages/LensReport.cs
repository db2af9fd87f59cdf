using Interp.Circuits.Cache;
using Interp.Models;
using Interp.Reports;

namespace Interp.Studies.Pages;

/// <summary>A lens reading as a page: maps of probabilities, and the tokens in a table.</summary>
public static class LensReport
{
    /// <summary>Makes the page.</summary>
    /// <param name="reading">What was read.</param>
    /// <param name="model">The model.</param>
    /// <param name="ids">The sequence.</param>
    /// <param name="token">How a token is written.</param>
    /// <param name="command">The command line that makes the page again.</param>
    public static Report Create(
        LensReading reading, HookedTransformer model, long[] ids, Func<long, string> token, string command)
    {
        var report = ModelReport.Create($"Logit lens of {model.Config.ModelName}", command, model);
        report.AddSection("What the model would say").Add(
            "Each row is the residual stream after a part of the model, from the embedding at the top to the model's " +
            "own output at the "
            + "bottom, put through the final norm and the unembedding as if the model ended there (nostalgebraist, " +
                "2020).");
        if (reading.Answer is { } answer)
            report.AddSection("The answer")
                .Add(Map($"Probability of “{token(answer)}”", reading, token, ids,
                reading.AnswerProbabilities!));
        report.AddSection("Confidence")
            .Add(Map("Probability of the likeliest token", reading, token, ids, reading.TopProbabilities));
        report.AddSection("Tokens").Add(Table(reading, token, ids));
        return report;
    }

    private static HeatmapFigure Map(string title, LensReading reading, Func<long, string> token, long[] ids,
        float[,] values) =>
        new(title, Grid.From(values))
        {
            RowAxis = new Axis("after"),
            RowLabels = [.. reading.Labels],
            ColumnAxis = new Axis("position"),
            ColumnLabels = Names(token, ids),
            ValueName = "probability",
            Minimum = 0,
            Maximum = 1,
        };

    private static ReportTable Table(LensReading reading, Func<long, string> token, long[] ids)
    {
        var table = new ReportTable("The likeliest next token",
            ["after", .. Names(token, ids).Select(name => new TableColumn(name))]);
        for (var stream = 0; stream < reading.Labels.Count; stream++)
            table.AddRow([reading.Labels[stream], .. Enumerable.Range(0, ids.Length).Select(at =>
                Cell.FromString(Text(reading, token, stream, at)))]);
        return table;
    }

    private static string Text(LensReading reading, Func<long, string> token, int stream, int at) =>
        $"{token(reading.TopTokens[stream, at])} {reading.TopProbabilities[stream, at]:0.00}";

    private static string[] Names(Func<long, string> token, long[] ids) =>
        [.. ids.Select((id, at) => $"{token(id)} {at}")];
}
