using Interp.Tokenizers.ByteLevel;

namespace Interp.Tokenizers.Bpe;

/// <summary>The model part of byte-level BPE: a vocabulary with entries spelled in bytes, and its merges.</summary>
internal sealed class BpeModel
{
    private readonly int[] byteIds = new int[256];

    /// <param name="vocabulary">Tokens spelled in the <see cref="ByteAlphabet"/>.</param>
    /// <param name="merges">Pairs of ids.</param>
    public BpeModel(Vocabulary vocabulary, BpeMerges merges)
    {
        (Vocabulary, Merges) = (vocabulary, merges);
        for (var value = 0; value < 256; value++)
            byteIds[value] = vocabulary.Find(ByteAlphabet.CharOf((byte)value).ToString()) ?? -1;
    }

    public Vocabulary Vocabulary { get; }

    public BpeMerges Merges { get; }

    /// <summary>A piece that is a token as a whole is that token, whatever the merges say (Llama 3).</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>The token for bytes without one; without it such a byte is an error.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Neighbouring unknown bytes are one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Spells a piece in single-byte tokens; returns how many.</summary>
    public int Spell(ReadOnlySpan<char> piece, Span<int> symbols)
    {
        var count = 0;
        var lastUnknown = false;
        foreach (var character in piece)
        {
            var value = ByteAlphabet.ByteOf(character);
            var id = value < 0 ? -1 : byteIds[value];
            var unknown = id < 0;
            if (unknown) id = UnknownId ?? throw NoByte(value);
            if (!(unknown && lastUnknown && FuseUnknown)) symbols[count++] = id;
            lastUnknown = unknown;
        }
        return count;
    }

    /// <summary>Merges from pairs of spellings; both and what they make must be in the vocabulary.</summary>
    public static BpeMerges ReadMerges(
        string source, Vocabulary vocabulary, IReadOnlyCollection<(string Left, string Right)> pairs)
    {
        var merges = new BpeMerges(pairs.Count);
        var rank = 0;
        foreach (var (left, right) in pairs)
        {
            merges.Set(Id(left), Id(right), new BpeMerges.Merge(rank, Id(left + right)));
            rank++;

            int Id(string token) => vocabulary.Find(token) ?? throw new TokenizerFormatException(
                $"{source}: merge {rank} (\"{left}\" + \"{right}\") needs token \"{token}\", "
                + "which the vocabulary does not have");
        }
        return merges;
    }

    private static TokenizerException NoByte(int value) => new(
        $"encode: the vocabulary has no token for byte 0x{value:X2} and names no unk_token; leave that character out");
}
