namespace Interp.Notebooks.Engine;

/// <summary>The two text streams of a cell.</summary>
public enum StreamName
{
    /// <summary>What the cell writes with <c>Console.Write</c>.</summary>
    Stdout,

    /// <summary>What the cell writes with <c>Console.Error.Write</c>.</summary>
    Stderr,
}
