using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>
/// Colours for numbers, told apart by lightness so that they survive colour blindness and grey printing. Each has
/// stops for a light page and for a dark one: the colour of "nothing" is close to the page on both.
/// </summary>
public sealed class ColorScale
{
    private readonly Rgb[] _light;
    private readonly Rgb[] _dark;

    private ColorScale(string name, bool diverging, string[] light, string[] dark)
    {
        Name = name;
        IsDiverging = diverging;
        _light = [.. light.Select(Rgb.Parse)];
        _dark = [.. dark.Select(Rgb.Parse)];
    }

    /// <summary>One hue from nothing to much: probabilities, attention weights, losses.</summary>
    public static ColorScale Sequential { get; } = new("sequential", false,
        ["#f3f6fa", "#cfe0f1", "#9dc4e3", "#5e9fd0", "#2a72b5", "#0b3f80"],
        ["#1f252c", "#203a56", "#245a8a", "#3581c3", "#70b2ea", "#c9e4ff"]);

    /// <summary>Red below zero, blue above it, no colour at zero: differences, logit contributions.</summary>
    public static ColorScale Diverging { get; } = new("diverging", true,
        ["#8c1a2b", "#c8523f", "#f0b295", "#f5f5f4", "#a9cde5", "#4a8fc6", "#123f78"],
        ["#ffb49c", "#e0674d", "#7f3a30", "#23282e", "#27507a", "#4f97d8", "#b5dcff"]);

    /// <summary>A short name, as it stands in the data of a page.</summary>
    public string Name { get; }

    /// <summary>Whether the middle of the scale means zero; the range is then symmetric around zero.</summary>
    public bool IsDiverging { get; }

    /// <summary>The scale that fits a range: diverging where numbers fall below zero, else sequential.</summary>
    /// <param name="low">The smallest number.</param>
    public static ColorScale For(double low) => low < 0 ? Diverging : Sequential;

    /// <summary>The range that a scale spans for numbers from low to high: symmetric for a diverging scale.</summary>
    internal (double Low, double High) Span(double low, double high)
    {
        if (IsDiverging)
        {
            var reach = Math.Max(Math.Abs(low), Math.Abs(high));
            return reach > 0 ? (-reach, reach) : (-1, 1);
        }
        // Probabilities and scores start at nothing: a scale that starts at the smallest of them exaggerates.
        if (low > 0) low = 0;
        return high > low ? (low, high) : (low, low + 1);
    }

    /// <summary>The colours at a fraction of the scale from 0 to 1, on a light page and on a dark one.</summary>
    internal (Rgb Light, Rgb Dark) At(double t) => (At(_light, t), At(_dark, t));

    /// <summary>The stops as plotly takes them: pairs of a fraction and a colour.</summary>
    internal JsonArray Stops(bool dark)
    {
        var stops = dark ? _dark : _light;
        return new JsonArray([.. stops.Select((stop, i) =>
            (JsonNode)new JsonArray(Math.Round((double)i / (stops.Length - 1), 6), stop.Hex))]);
    }

    private static Rgb At(Rgb[] stops, double t)
    {
        var place = Math.Clamp(t, 0, 1) * (stops.Length - 1);
        var index = Math.Min((int)place, stops.Length - 2);
        return stops[index].Mix(stops[index + 1], place - index);
    }
}
