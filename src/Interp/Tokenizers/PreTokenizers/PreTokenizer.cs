namespace Interp.Tokenizers.PreTokenizers;

/// <summary>
/// One way of cutting text into pieces that merges never cross. Steps are chained: what one step cuts, the next cuts
/// further; the last hands its pieces to the model.
/// </summary>
internal abstract class PreTokenizer
{
    /// <summary>Cuts <paramref name="text"/> and hands every piece to <paramref name="next"/>; none is empty.</summary>
    public abstract void Split(ReadOnlySpan<char> text, IPieceSink next);

    /// <summary>The entry of a chain: <paramref name="steps"/> in order, then <paramref name="end"/>.</summary>
    public static IPieceSink Chain(IReadOnlyList<PreTokenizer> steps, IPieceSink end)
    {
        var sink = end;
        for (var i = steps.Count - 1; i >= 0; i--) sink = new Link(steps[i], sink);
        return sink;
    }

    private sealed class Link(PreTokenizer step, IPieceSink next) : IPieceSink
    {
        public void Add(ReadOnlySpan<char> piece) => step.Split(piece, next);
    }
}
