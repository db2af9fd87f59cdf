using Interp.Circuits.Heads;
using Interp.Cli.Output;

namespace Interp.Cli.Attention;

/// <summary>One head's pattern drawn with shades: destinations down, sources across.</summary>
internal static class AttentionGrid
{
    private const string Shades = " ·░▒▓█";
    private const int LabelWidth = 16;

    /// <summary>Draws the pattern; where the sequence is too long for the line, lists the strongest sources instead.</summary>
    /// <exception cref="UserErrorException">There is no such head.</exception>
    public static void Write(AttentionPatterns patterns, int layer, int head, CliConsole console)
    {
        if (layer < 0 || layer >= patterns.Layers)
            throw UserErrorException.Usage($"--layer {layer}: the model has layers 0 to {patterns.Layers - 1}");
        if (head < 0 || head >= patterns.Heads)
            throw UserErrorException.Usage($"--head {head}: the model has heads 0 to {patterns.Heads - 1}");
        console.Line($"L{layer}H{head}: a row for each token, a column for each token that it may attend to; "
            + "shades at 0.02, 0.1, 0.3, 0.5 and 0.8");
        var count = patterns.Tokens.Length;
        var room = console.Terminal.DataIsTerminal ? console.Width : int.MaxValue;
        var cell = LabelWidth + 1 + (2 * count) <= room ? 2 : 1;
        var drawn = LabelWidth + 1 + (cell * count) <= room;
        for (var row = 0; row < count; row++)
        {
            var weights = patterns.Row(layer, head, row);
            console.Line($"{Label(patterns.Tokens[row])} {(drawn ? Draw(weights, cell) : Strongest(patterns, weights))}".TrimEnd());
        }
    }

    private static string Draw(ReadOnlySpan<float> weights, int cell)
    {
        var line = new System.Text.StringBuilder();
        foreach (var weight in weights) line.Append(Shade(weight), cell);
        return line.ToString();
    }

    private static char Shade(float weight) => Shades[weight switch
    {
        >= 0.8f => 5,
        >= 0.5f => 4,
        >= 0.3f => 3,
        >= 0.1f => 2,
        >= 0.02f => 1,
        _ => 0,
    }];

    private static string Strongest(AttentionPatterns patterns, ReadOnlySpan<float> weights)
    {
        var row = weights.ToArray();
        var best = Enumerable.Range(0, row.Length).OrderByDescending(i => row[i]).Take(3).Where(i => row[i] >= 0.02f);
        return string.Join("  ", best.Select(i => $"{row[i]:0.00} {Visible.Text(patterns.Tokens[i])}@{i}"));
    }

    private static string Label(string token)
    {
        var text = Visible.Text(token);
        return (text.Length > LabelWidth ? text[..(LabelWidth - 1)] + "…" : text).PadLeft(LabelWidth);
    }
}
