namespace Interp.Notebooks.Engine;

/// <summary>How a cell ended.</summary>
public enum CellStatus
{
    /// <summary>It ran to its end.</summary>
    Ok,

    /// <summary>It did not compile, or it threw.</summary>
    Error,

    /// <summary>It was interrupted.</summary>
    Interrupted,
}
