namespace Interp.Reports;

/// <summary>What a column of a table shows beside its numbers.</summary>
public enum CellStyle
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>A bar from zero.</summary>
    Bar,

    /// <summary>A colour behind the number.</summary>
    Heat,
}
