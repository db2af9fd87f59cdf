namespace Interp.Tokenizers.Bpe;

/// <summary>
/// The ids of words seen before; text repeats its words, and merging one costs far more than finding it. Bounded:
/// short words only, and emptied when full, which lets it follow the text.
/// </summary>
internal sealed class WordCache
{
    /// <summary>The longest word kept.</summary>
    public const int LongestWord = 64;

    // The distinct words of ten megabytes of prose, in about as many megabytes.
    private const int Capacity = 131_072;

    private readonly Dictionary<string, (int Start, int Count)> words;
    private readonly Dictionary<string, (int Start, int Count)>.AlternateLookup<ReadOnlySpan<char>> bySpan;
    private int[] kept = new int[256]; // of all words, one behind the other: an array for each would cost more than its ids
    private int used;

    public WordCache()
    {
        words = new Dictionary<string, (int Start, int Count)>(StringComparer.Ordinal);
        bySpan = words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count => words.Count;

    public bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<int> ids)
    {
        var found = bySpan.TryGetValue(word, out var place);
        ids = kept.AsSpan(place.Start, place.Count);
        return found;
    }

    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
    {
        if (word.Length > LongestWord) return;
        if (words.Count >= Capacity)
        {
            words.Clear();
            used = 0;
        }
        if (used + ids.Length > kept.Length) Array.Resize(ref kept, Math.Max(used + ids.Length, 2 * kept.Length));
        ids.CopyTo(kept.AsSpan(used));
        bySpan[word] = (used, ids.Length);
        used += ids.Length;
    }
}
