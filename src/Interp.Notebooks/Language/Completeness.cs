namespace Interp.Notebooks.Language;

/// <summary>Whether a text is a whole cell.</summary>
public enum Completeness
{
    /// <summary>It can be run.</summary>
    Complete,

    /// <summary>More has to follow: an open bracket, an unfinished statement.</summary>
    Incomplete,

    /// <summary>Nothing that follows makes it right.</summary>
    Invalid,
}
