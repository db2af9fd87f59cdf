using static Interp.Reports.Numbers;

namespace Interp.Reports;

/// <summary>Turns a column's numbers into bars or colours.</summary>
internal sealed class ColumnLook
{
    private readonly TableColumn _column;
    private readonly ColorScale _colors;
    private readonly (double Low, double High) _span;

    public ColumnLook(TableColumn column, IEnumerable<Cell> cells)
    {
        _column = column;
        var (low, high) = Range([.. cells.Where(cell => cell.IsNumber).Select(cell => (float)cell.Number)]);
        _colors = ColorScale.For(low);
        var span = _colors.Span(low, high);
        _span = (column.Minimum ?? span.Low, column.Maximum ?? span.High);
        if (!(_span.High > _span.Low))
            throw new ArgumentException(
                $"the column '{column.Header}' runs from {_span.Low} to {_span.High}; "
                + "the upper end must be above the lower");
    }

    public string Format => _column.Format;

    public bool Wrap => _column.Wrap;

    public string Class => _column.Style == CellStyle.Bar ? "bar" : "heat";

    /// <summary>The style of a number's cell, null for none.</summary>
    public string? Style(double value)
    {
        if (_column.Style == CellStyle.Plain || !double.IsFinite(value)) return null;
        var at = HeatmapSvg.Fraction(value, _span);
        if (_column.Style == CellStyle.Heat) return TokenPaint.Style(_colors.At(at));
        var zero = HeatmapSvg.Fraction(0, _span);
        var (from, size) = (Math.Min(zero, at), Math.Abs(at - zero));
        // CSS places a background by a share of the room it leaves free.
        return $"--at:{Pixel(size < 1 ? 100 * from / (1 - size) : 0)}%;--size:{Pixel(100 * size)}%";
    }
}
