namespace Interp.Notebooks.Files;

/// <summary>The kinds of cells of a notebook.</summary>
public enum CellKind
{
    /// <summary>C#, to be run.</summary>
    Code,

    /// <summary>Text in Markdown.</summary>
    Markdown,

    /// <summary>Text that is shown as it is.</summary>
    Raw,
}
