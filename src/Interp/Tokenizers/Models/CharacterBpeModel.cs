using System.Runtime.InteropServices;
using Interp.Tokenizers.Bpe;

namespace Interp.Tokenizers.Models;

/// <summary>
/// Byte-pair encoding over characters, as SentencePiece trains it (Kudo and Richardson 2018): Llama 1 and 2, Mistral,
/// Gemma. A character that is no token is spelled in <see cref="ByteTokens"/>, or is unknown.
/// </summary>
/// <remarks>
/// These models do not cut text into words; a merge could cross a space. In practice none does: no token has a
/// <c>▁</c> after another character. Where the vocabulary proves that, cutting before each <c>▁</c> changes nothing
/// and lets words be remembered; where it does not, the whole text is merged as one.
/// </remarks>
internal sealed class CharacterBpeModel : PieceModel
{
    private const char Space = '▁';

    private readonly BpeMerges merges;
    private readonly ByteTokens? bytes;
    private readonly bool cutsAtSpaces;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="merges">Pairs of ids.</param>
    /// <param name="merged">The same pairs as text, to see whether a merge crosses a space.</param>
    /// <param name="byteFallback">Spell unknown characters in bytes.</param>
    public CharacterBpeModel(Vocabulary vocabulary, BpeMerges merges,
        IEnumerable<(string Left, string Right)> merged, bool byteFallback) : base(vocabulary)
    {
        this.merges = merges;
        bytes = byteFallback ? new ByteTokens(vocabulary) : null;
        cutsAtSpaces = vocabulary.Find(Space.ToString()) is not null
            && !merged.Any(pair => pair.Left[^1] != Space && pair.Right[0] == Space);
    }

    public override string Kind => "SentencePiece BPE";

    /// <summary>Neighbouring unknown characters are one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>A piece that is a token as a whole is that token, whatever the merges say.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Texts that are one token wherever they stand and merge with nothing (SentencePiece's user-defined).</summary>
    public PieceTrie? Whole { get; init; }

    /// <summary>Which tokens a character of the text may be: not a mark that looks like one.</summary>
    public Func<int, bool>? IsText { get; init; }

    public override PieceEncoder NewEncoder() =>
        cutsAtSpaces && !IgnoreMerges && Whole is null ? new CuttingEncoder(this) : new Encoder(this);

    // Cuts before each ▁ that follows something else; each word goes through the cache of the inner encoder.
    private sealed class CuttingEncoder(CharacterBpeModel model) : PieceEncoder
    {
        private readonly Encoder inner = new(model);

        public override void Encode(ReadOnlySpan<char> piece)
        {
            inner.Output = Output;
            inner.Places = Places is null ? null : [];
            for (var start = 0; start < piece.Length;)
            {
                var end = start;
                while (end < piece.Length && piece[end] == Space) end++;
                var next = piece[end..].IndexOf(Space);
                end = next < 0 ? piece.Length : end + next;
                inner.Encode(piece[start..end]);
                foreach (var (from, to) in inner.Places ?? []) Places!.Add((start + from, start + to));
                inner.Places?.Clear();
                start = end;
            }
        }

        protected override void EncodeAfresh(ReadOnlySpan<char> piece, List<int> ids) =>
            throw new NotSupportedException("pieces are encoded word by word");
    }

    private sealed class Encoder(CharacterBpeModel model) : PieceEncoder
    {
        private readonly BpeMerger merger = new(model.merges);
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> byText = model.Vocabulary.BySpan;
        private readonly List<int> between = [];

        protected override void EncodeAfresh(ReadOnlySpan<char> piece, List<int> ids)
        {
            if (model.IgnoreMerges && byText.TryGetValue(piece, out var whole))
            {
                ids.Add(whole);
                Places?.Add((0, piece.Length));
                return;
            }
            for (var at = 0; at < piece.Length;)
            {
                var end = NextWhole(piece, at, out var token, out var length);
                if (end > at) EncodeBetween(piece[at..end], at, ids);
                if (token >= 0)
                {
                    ids.Add(token);
                    Places?.Add((end, end + length));
                }
                at = end + length;
            }
        }

        // Where the next whole text begins, or the end of the piece.
        private int NextWhole(ReadOnlySpan<char> piece, int at, out int token, out int length)
        {
            (token, length) = (-1, 0);
            if (model.Whole is not { } trie) return piece.Length;
            for (; at < piece.Length && token < 0; at++)
            {
                for (int node = 0, end = at; end < piece.Length && (node = trie.Step(node, piece[end++])) >= 0;)
                    if (trie.TokenAt(node) >= 0) (token, length) = (trie.TokenAt(node), end - at);
                if (token >= 0) return at;
            }
            return piece.Length;
        }

        private void EncodeBetween(ReadOnlySpan<char> piece, int offset, List<int> output)
        {
            var ids = between;
            ids.Clear();
            var places = Places is null ? null : new List<(int Start, int End)>();
            Spell(piece, ids, places);
            var spelled = places is null ? null : ids.ToArray();
            var count = merger.Merge(CollectionsMarshal.AsSpan(ids));
            ids.RemoveRange(count, ids.Count - count);
            if (places is not null) Locate(ids, spelled!, places, offset);
            output.AddRange(ids);
        }

        // One token for each character, or its bytes, or the unknown token.
        private void Spell(ReadOnlySpan<char> piece, List<int> ids, List<(int Start, int End)>? places)
        {
            var lastUnknown = false;
            for (var at = 0; at < piece.Length;)
            {
                var length = char.IsHighSurrogate(piece[at]) ? 2 : 1;
                var character = piece.Slice(at, length);
                var before = ids.Count;
                var unknown = false;
                if (byText.TryGetValue(character, out var id) && (model.IsText?.Invoke(id) ?? true)) ids.Add(id);
                else if (!(model.bytes?.TryAdd(character, ids) ?? false)) unknown = true;
                if (unknown && !(lastUnknown && model.FuseUnknown))
                    ids.Add(model.UnknownId ?? throw NoToken(character, at));
                else if (unknown && places is not null)
                    places[^1] = (places[^1].Start, at + length);
                for (var added = before; added < ids.Count; added++) places?.Add((at, at + length));
                lastUnknown = unknown;
                at += length;
            }
        }

        // A merged token spells what its parts spell, so their lengths say how many parts it took.
        private void Locate(List<int> ids, int[] spelled, List<(int Start, int End)> places, int offset)
        {
            var part = 0;
            foreach (var id in ids)
            {
                var first = part;
                var left = Length(id);
                do left -= Length(spelled[part++]);
                while (left > 0);
                Places!.Add((offset + places[first].Start, offset + places[part - 1].End));
            }
        }

        private int Length(int id) => model.Vocabulary.Token(id)!.Length;

        private static TokenizerException NoToken(ReadOnlySpan<char> character, int at) => new(
            $"encode: the vocabulary has no token for '{character}' (character {at} of its piece), no bytes to spell it "
            + "and no unk_token; leave that character out");
    }
}
