namespace Interp.Reports;

/// <summary>How a series is drawn.</summary>
public enum SeriesStyle
{
    /// <summary>Points joined by a line; numbers that are not finite break it.</summary>
    Line,

    /// <summary>Points alone, a scatter.</summary>
    Points,

    /// <summary>Points joined by a line, each marked.</summary>
    LineAndPoints,
}
