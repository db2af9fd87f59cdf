namespace Interp.Reports;

/// <summary>
/// Colours for series, after Okabe and Ito's set for every kind of colour vision ("Color Universal Design", 2008),
/// with lighter ones for a dark page. A seventh series starts over and is dashed.
/// </summary>
internal static class Palette
{
    private static readonly (Rgb Light, Rgb Dark)[] Colors =
    [
        (Rgb.Parse("#0072b2"), Rgb.Parse("#5db3ea")),
        (Rgb.Parse("#d55e00"), Rgb.Parse("#ff8f45")),
        (Rgb.Parse("#00875f"), Rgb.Parse("#35c99a")),
        (Rgb.Parse("#b5578f"), Rgb.Parse("#e39ac4")),
        (Rgb.Parse("#b97f00"), Rgb.Parse("#f0b93a")),
        (Rgb.Parse("#5a5f66"), Rgb.Parse("#b4bac2")),
    ];

    private static readonly string?[] Dashes = [null, "6 3", "2 3"];
    private static readonly string[] PlotlyDashes = ["solid", "dash", "dot"];

    /// <summary>The colours of a series on a light page and on a dark one.</summary>
    public static (Rgb Light, Rgb Dark) At(int series) => Colors[series % Colors.Length];

    /// <summary>The dashes of a series in SVG, null for a solid line.</summary>
    public static string? Dash(int series) => Dashes[series / Colors.Length % Dashes.Length];

    /// <summary>The dashes of a series in plotly's words.</summary>
    public static string PlotlyDash(int series) => PlotlyDashes[series / Colors.Length % PlotlyDashes.Length];
}
