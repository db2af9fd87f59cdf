namespace Interp.Tokenizers.Bpe;

/// <summary>Which two neighbouring tokens become which token, and which pair goes first (the lowest rank).</summary>
internal sealed class BpeMerges
{
    private readonly Dictionary<long, Merge> merges;

    public BpeMerges(int capacity) => merges = new Dictionary<long, Merge>(capacity);

    public void Set(int left, int right, Merge merge) => merges[Key(left, right)] = merge;

    public bool TryGet(int left, int right, out Merge merge) => merges.TryGetValue(Key(left, right), out merge);

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    /// <param name="Rank">Lower merges first.</param>
    /// <param name="Id">The token that the pair becomes.</param>
    internal readonly record struct Merge(int Rank, int Id);
}
