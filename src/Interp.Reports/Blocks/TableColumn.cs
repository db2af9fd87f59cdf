namespace Interp.Reports;

/// <summary>One column of a <see cref="ReportTable"/>.</summary>
/// <param name="Header">Its name.</param>
public sealed record TableColumn(string Header)
{
    /// <summary>The .NET format of numbers that are not whole; the exact number shows under the pointer.</summary>
    /// <value>Default: "0.000".</value>
    public string Format { get; init; } = "0.000";

    /// <summary>A bar or a colour beside the numbers.</summary>
    /// <value>Default: plain.</value>
    public CellStyle Style { get; init; }

    /// <summary>The number at the lower end of bars and colours.</summary>
    /// <value>Default: null, from the column's numbers.</value>
    public double? Minimum { get; init; }

    /// <summary>The number at the upper end of bars and colours.</summary>
    /// <value>Default: null, from the column's numbers.</value>
    public double? Maximum { get; init; }

    /// <summary>Breaks long texts into lines, so that the table fits beside them; other cells stay on one line.</summary>
    /// <value>Default: false.</value>
    public bool Wrap { get; init; }

    /// <summary>A column from its name alone.</summary>
    public static implicit operator TableColumn(string header) => FromString(header);

    /// <summary>A column from its name alone.</summary>
    public static TableColumn FromString(string header) => new(header);
}
