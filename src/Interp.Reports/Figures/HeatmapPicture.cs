namespace Interp.Reports;

/// <summary>A matrix as a picture of one pixel a number, without axes: the thumbnail of a <see cref="HeatmapFigure"/>.</summary>
public static class HeatmapPicture
{
    /// <summary>Draws it in the colours that fit its range; what is not a finite number is transparent.</summary>
    /// <param name="values">The matrix; row 0 is at the top.</param>
    /// <returns>The bytes of a PNG file.</returns>
    public static byte[] Draw(Grid values)
    {
        var (low, high) = Numbers.Range(values.Values.Span);
        var scale = ColorScale.For(low);
        (low, high) = scale.Span(low, high);
        return Png.Encode(values, value => float.IsFinite(value) ? scale.At((value - low) / (high - low)).Light : null);
    }
}
