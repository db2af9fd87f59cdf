using Interp.Circuits.Cache;
using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Cli.Output;

namespace Interp.Cli.Lens;

/// <summary>A lens reading on the terminal and as JSON.</summary>
internal static class LensTable
{
    /// <summary>
    /// A row for each position and a column for each stream: the likeliest token, or how likely the answer is.
    /// </summary>
    public static void Write(LensReading reading, LoadedModel model, long[] ids, IReadOnlyList<int> positions,
        CliConsole console)
    {
        console.Line(reading.Answer is { } answer
            ? $"the probability of {Visible.Text(model.TokenText(answer))} as the next token, and its rank, after " +
                "each part of the model"
            : "the likeliest next token and its probability after each part of the model");
        var table = new TextTable([TextColumn.Number("pos"), new TextColumn("token"),
            .. reading.Labels.Select(label => new TextColumn(label))]);
        foreach (var at in positions)
            table.Add([$"{at}", Visible.Text(model.TokenText(ids[at])),
                .. Enumerable.Range(0, reading.Labels.Count).Select(stream => Cell(reading, model, stream, at))]);
        table.Write(console);
    }

    /// <summary>The shape that <c>lens --json</c> prints.</summary>
    public static LensJson ToJson(LensReading reading, LoadedModel model, long[] ids) => new(ids,
        [.. ids.Select(model.TokenText)], [.. reading.Labels], Rows(reading.TopTokens),
        [.. Rows(reading.TopTokens).Select(row => row.Select(model.TokenText).ToArray())],
        Rows(reading.TopProbabilities), reading.Answer is not { } answer
            ? null
            : new LensAnswerJson(answer, model.TokenText(answer), Rows(reading.AnswerProbabilities!),
                Rows(reading.AnswerRanks!)));

    /// <summary>What a cell says.</summary>
    public static TextCell Cell(LensReading reading, LoadedModel model, int stream, int at)
    {
        if (reading.Answer is not null)
        {
            var rank = reading.AnswerRanks![stream, at];
            return new TextCell($"{reading.AnswerProbabilities![stream, at]:0.00} #{rank + 1}", Strong: rank == 0);
        }
        var (token, chance) = (reading.TopTokens[stream, at], reading.TopProbabilities[stream, at]);
        return new TextCell($"{Visible.Text(model.TokenText(token))} {chance:0.00}", Strong: chance >= 0.5f);
    }

    private static T[][] Rows<T>(T[,] table) => [.. Enumerable.Range(0, table.GetLength(0)).Select(row =>
        Enumerable.Range(0, table.GetLength(1)).Select(column => table[row, column]).ToArray())];
}
