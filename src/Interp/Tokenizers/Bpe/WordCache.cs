namespace Interp.Tokenizers.Bpe;

/// <summary>
/// The ids of words seen before; text repeats its words, and merging one costs far more than finding it. Bounded:
/// short words only, and emptied when full, which lets it follow the text.
/// </summary>
internal sealed class WordCache
{
    /// <summary>The longest word kept.</summary>
    public const int LongestWord = 64;

    private const int Capacity = 32_768;

    private readonly Dictionary<string, int[]> words;
    private readonly Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> bySpan;

    public WordCache()
    {
        words = new Dictionary<string, int[]>(StringComparer.Ordinal);
        bySpan = words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int Count => words.Count;

    public bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<int> ids)
    {
        var found = bySpan.TryGetValue(word, out var kept);
        ids = kept;
        return found;
    }

    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
    {
        if (word.Length > LongestWord) return;
        if (words.Count >= Capacity) words.Clear();
        bySpan[word] = ids.ToArray();
    }
}
