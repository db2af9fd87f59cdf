namespace Interp.Reports;

/// <summary>Colours behind text: background and ink for a light page and for a dark one, as CSS variables.</summary>
internal static class TokenPaint
{
    public static string Style((Rgb Light, Rgb Dark) color) =>
        $"--l:{color.Light.Hex};--li:{color.Light.Ink.Hex};--d:{color.Dark.Hex};--di:{color.Dark.Ink.Hex}";
}
