namespace Interp.Tokenizers.PreTokenizers;

/// <summary>
/// Collects a text's parts, each a match or the stretch between matches, then hands them on as a
/// <see cref="SplitBehavior"/> says. Parts follow each other without gaps; empty ones are left out at the end.
/// </summary>
internal ref struct PieceCutter(ReadOnlySpan<char> text, SplitBehavior behavior, IPieceSink next)
{
    private readonly ReadOnlySpan<char> text = text;
    private int pieceStart;     // the piece being built is text[pieceStart..partEnd]
    private int partEnd;
    private bool lastWasMatch;
    private bool any;

    /// <summary>The next part ends at <paramref name="end"/>.</summary>
    public void Part(int end, bool isMatch)
    {
        if (any && !Joins(isMatch)) Flush();
        if (behavior == SplitBehavior.Removed && isMatch) pieceStart = end;
        (partEnd, lastWasMatch, any) = (end, isMatch, true);
    }

    public void Flush()
    {
        if (partEnd > pieceStart) next.Add(text[pieceStart..partEnd]);
        pieceStart = partEnd;
    }

    private readonly bool Joins(bool isMatch) => behavior switch
    {
        SplitBehavior.MergedWithPrevious => isMatch && !lastWasMatch,
        SplitBehavior.MergedWithNext => lastWasMatch && !isMatch,
        SplitBehavior.Contiguous => isMatch == lastWasMatch,
        _ => false,
    };
}
