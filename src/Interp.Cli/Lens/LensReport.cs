using Interp.Circuits.Cache;
using Interp.Cli.Models;
using Interp.Cli.Output;
using Interp.Reports;

namespace Interp.Cli.Lens;

/// <summary>A lens reading as a page: maps of probabilities, and the tokens in a table.</summary>
internal static class LensReport
{
    /// <summary>Makes the page.</summary>
    public static Report Create(LensReading reading, LoadedModel model, long[] ids, string command)
    {
        var report = ModelReport.Create($"Logit lens of {model.Config.ModelName}", command, model);
        report.AddSection("What the model would say").Add(
            "Each row is the residual stream after a part of the model, from the embedding at the top to the model's " +
            "own output at the "
            + "bottom, put through the final norm and the unembedding as if the model ended there (nostalgebraist, " +
                "2020).");
        if (reading.Answer is { } answer)
            report.AddSection("The answer")
                .Add(Map($"Probability of “{Visible.Text(model.TokenText(answer))}”", reading, model, ids,
                reading.AnswerProbabilities!));
        report.AddSection("Confidence")
            .Add(Map("Probability of the likeliest token", reading, model, ids, reading.TopProbabilities));
        report.AddSection("Tokens").Add(Table(reading, model, ids));
        return report;
    }

    private static HeatmapFigure Map(string title, LensReading reading, LoadedModel model, long[] ids,
        float[,] values) =>
        new(title, Grid.From(values))
        {
            RowAxis = new Axis("after"),
            RowLabels = [.. reading.Labels],
            ColumnAxis = new Axis("position"),
            ColumnLabels = Names(model, ids),
            ValueName = "probability",
            Minimum = 0,
            Maximum = 1,
        };

    private static ReportTable Table(LensReading reading, LoadedModel model, long[] ids)
    {
        var table = new ReportTable("The likeliest next token",
            ["after", .. Names(model, ids).Select(name => new TableColumn(name))]);
        for (var stream = 0; stream < reading.Labels.Count; stream++)
            table.AddRow([reading.Labels[stream], .. Enumerable.Range(0, ids.Length).Select(at =>
                Cell.FromString(Text(reading, model, stream, at)))]);
        return table;
    }

    private static string Text(LensReading reading, LoadedModel model, int stream, int at) =>
        $"{Visible.Text(model.TokenText(reading.TopTokens[stream, at]))} {reading.TopProbabilities[stream, at]:0.00}";

    private static string[] Names(LoadedModel model, long[] ids) =>
        [.. ids.Select((id, at) => $"{Visible.Text(model.TokenText(id))} {at}")];
}
