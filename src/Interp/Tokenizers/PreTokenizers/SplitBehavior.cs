namespace Interp.Tokenizers.PreTokenizers;

/// <summary>What becomes of the matches of a <c>Split</c>; the names are those of <c>tokenizer.json</c>.</summary>
internal enum SplitBehavior
{
    /// <summary>Matches vanish.</summary>
    Removed,

    /// <summary>Every match is a piece of its own.</summary>
    Isolated,

    /// <summary>A match joins the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>A match joins the piece after it.</summary>
    MergedWithNext,

    /// <summary>Neighbouring matches are one piece.</summary>
    Contiguous,
}
