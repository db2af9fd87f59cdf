namespace Interp.Reports;

/// <summary>Maps numbers to pixels along one axis, and chooses the round numbers that are labelled.</summary>
internal sealed class AxisScale
{
    private readonly bool _logarithmic;
    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;
    private readonly double _step;
    private readonly int _decimals;
    private readonly int _count;

    /// <param name="axis">The axis, whose own ends win.</param>
    /// <param name="low">The smallest number that can be drawn.</param>
    /// <param name="high">The largest.</param>
    /// <param name="from">The pixel of the axis's beginning.</param>
    /// <param name="to">The pixel of its end.</param>
    /// <param name="snap">Whether ends chosen from the data move out to the next labelled number.</param>
    /// <param name="spacing">Pixels from label to label, about.</param>
    public AxisScale(Axis axis, double low, double high, double from, double to, bool snap, double spacing = 55)
    {
        _logarithmic = axis.Logarithmic;
        (_from, _to) = (from, to);
        _count = Math.Max(2, (int)(Math.Abs(to - from) / spacing));
        if (!(high > low)) (low, high) = Widen(low);
        low = axis.Minimum ?? low;
        high = axis.Maximum ?? high;
        Check(axis, low, high);
        (_low, _high) = (Place(low), Place(high));
        (_step, _decimals) = _logarithmic ? (1, 0) : TickStep.For(_high - _low, _count);
        // A short logarithmic axis has labels within its one decade, and needs no further one.
        if (!snap || _logarithmic && _high - _low <= 1.5) return;
        if (axis.Minimum is null) _low = Math.Floor(_low / _step + 1e-9) * _step;
        if (axis.Maximum is null) _high = Math.Ceiling(_high / _step - 1e-9) * _step;
    }

    /// <summary>The pixel of a number.</summary>
    public double At(double value) => _from + (Place(value) - _low) / (_high - _low) * (_to - _from);

    /// <summary>The pixel of a number, kept within the axis.</summary>
    public double Clamped(double value) => Math.Clamp(At(value), Math.Min(_from, _to), Math.Max(_from, _to));

    /// <summary>The labelled numbers with their pixels.</summary>
    public IEnumerable<(double Pixel, string Label)> Ticks() => _logarithmic ? LogTicks() : LinearTicks();

    private IEnumerable<(double, string)> LinearTicks()
    {
        for (var i = Math.Ceiling(_low / _step - 1e-9); i * _step <= _high + _step * 1e-9; i++)
            yield return (At(i * _step), TickStep.Label(i * _step, _step, _decimals));
    }

    private IEnumerable<(double, string)> LogTicks()
    {
        var decades = _high - _low;
        var every = Math.Max(1, (int)Math.Ceiling(decades / _count));
        int[] digits = decades <= 1.5 ? [1, 2, 3, 5, 7] : decades <= 3 ? [1, 2, 5] : [1];
        for (var power = (int)Math.Floor(_low); power <= Math.Ceiling(_high); power++)
        {
            if (power % every != 0) continue;
            foreach (var digit in digits)
            {
                var value = digit * Math.Pow(10, power);
                if (Math.Log10(value) < _low - 1e-9 || Math.Log10(value) > _high + 1e-9) continue;
                yield return (At(value), TickStep.LogLabel(digit, power));
            }
        }
    }

    private double Place(double value) => _logarithmic ? Math.Log10(value) : value;

    private (double, double) Widen(double value) => _logarithmic
        ? value > 0 ? (value / 2, value * 2) : (0.1, 1)
        : value == 0 ? (0, 1) : (value - Math.Abs(value) / 2, value + Math.Abs(value) / 2);

    private static void Check(Axis axis, double low, double high)
    {
        if (!(high > low) || axis.Logarithmic && low <= 0)
            throw new ArgumentException(
                $"the axis '{axis.Title}' would run from {low} to {high}; the end must be above the beginning"
                + (axis.Logarithmic ? ", and both above zero on a logarithmic axis" : ""));
    }
}
