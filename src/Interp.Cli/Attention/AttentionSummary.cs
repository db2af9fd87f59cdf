using Interp.Circuits.Heads;
using Interp.Cli.Output;

namespace Interp.Cli.Attention;

/// <summary>Every head in one line: where its attention goes on average, and its strongest single look.</summary>
internal static class AttentionSummary
{
    private const double Notable = 0.5;

    /// <summary>Writes the table.</summary>
    public static void Write(AttentionPatterns patterns, CliConsole console)
    {
        var table = new TextTable(
            new TextColumn("head"), TextColumn.Number("first"), TextColumn.Number("previous"), TextColumn.Number("itself"),
            TextColumn.Number("entropy"), new TextColumn("strongest look elsewhere"));
        for (var layer = 0; layer < patterns.Layers; layer++)
            for (var head = 0; head < patterns.Heads; head++)
                table.Add(Row(patterns, layer, head));
        console.Line("Mean attention of each head to the first token, to the token before and to itself; entropy in bits.");
        console.Table(table);
    }

    private static TextCell[] Row(AttentionPatterns patterns, int layer, int head)
    {
        var count = patterns.Tokens.Length;
        double first = 0, previous = 0, itself = 0, entropy = 0;
        var strongest = (Weight: 0f, From: -1, To: -1);
        for (var from = 0; from < count; from++)
        {
            var row = patterns.Row(layer, head, from);
            itself += row[from] / count;
            if (from > 0)
            {
                first += row[0] / (count - 1);
                previous += row[from - 1] / (count - 1);
            }

            for (var to = 0; to < count; to++)
            {
                if (row[to] > 0) entropy -= row[to] * Math.Log2(row[to]) / count;
                if (to != 0 && to != from && to != from - 1 && row[to] > strongest.Weight) strongest = (row[to], from, to);
            }
        }

        return [$"L{layer}H{head}", Cell(first), Cell(previous), Cell(itself), $"{entropy:0.00}", Describe(patterns, strongest)];
    }

    private static TextCell Cell(double value) => new($"{value:0.00}", Strong: value >= Notable);

    private static string Describe(AttentionPatterns patterns, (float Weight, int From, int To) look) => look.From < 0
        ? ""
        : $"{look.Weight:0.00} {Name(patterns, look.From)} -> {Name(patterns, look.To)}";

    private static string Name(AttentionPatterns patterns, int position) =>
        $"{Visible.Text(patterns.Tokens[position])}@{position}";
}
