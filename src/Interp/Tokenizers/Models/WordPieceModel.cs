using System.Text;

namespace Interp.Tokenizers.Models;

/// <summary>
/// WordPiece (Schuster and Nakajima 2012; BERT's <c>tokenization.py</c>): take the longest token that begins the word,
/// then the longest that continues it (<c>##ing</c>), and so on; a word that cannot be spelled is unknown as a whole.
/// </summary>
internal sealed class WordPieceModel : PieceModel
{
    private readonly string prefix;
    private readonly int longestWord;
    private readonly int longestToken;

    /// <param name="vocabulary">With an unknown token.</param>
    /// <param name="unknownId">The token for a word that cannot be spelled.</param>
    /// <param name="prefix">What marks a token inside a word: <c>##</c>.</param>
    /// <param name="longestWord">A word of more characters is unknown.</param>
    public WordPieceModel(Vocabulary vocabulary, int unknownId, string prefix, int longestWord) : base(vocabulary)
    {
        (UnknownId, this.prefix, this.longestWord) = (unknownId, prefix, longestWord);
        longestToken = vocabulary.Tokens.Max(token => token.Length);
    }

    public override string Kind => "WordPiece";

    public override PieceEncoder NewEncoder() => new Encoder(this);

    private sealed class Encoder(WordPieceModel model) : PieceEncoder
    {
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> byText = model.Vocabulary.BySpan;
        private char[] continued = [];

        protected override void EncodeAfresh(ReadOnlySpan<char> piece, List<int> ids)
        {
            var placesBefore = Places?.Count ?? 0;
            if (!IsTooLong(piece) && TrySpell(piece, ids)) return;
            ids.Clear();
            ids.Add(model.UnknownId!.Value);
            Places?.RemoveRange(placesBefore, Places.Count - placesBefore);
            Places?.Add((0, piece.Length));
        }

        private bool IsTooLong(ReadOnlySpan<char> piece)
        {
            if (piece.Length <= model.longestWord) return false;
            var count = 0;
            foreach (var _ in piece.EnumerateRunes())
                if (++count > model.longestWord) return true;
            return false;
        }

        private bool TrySpell(ReadOnlySpan<char> piece, List<int> ids)
        {
            for (var start = 0; start < piece.Length;)
            {
                var length = Math.Min(piece.Length - start, model.longestToken);
                var candidate = start == 0 ? piece[..length] : Continued(piece.Slice(start, length));
                var shortest = candidate.Length - length;
                int id;
                while (!byText.TryGetValue(candidate, out id))
                {
                    candidate = candidate[..^1];
                    if (candidate.Length <= shortest) return false;
                }
                ids.Add(id);
                Places?.Add((start, start + candidate.Length - shortest));
                start += candidate.Length - shortest;
            }
            return true;
        }

        private ReadOnlySpan<char> Continued(ReadOnlySpan<char> rest)
        {
            var length = model.prefix.Length + rest.Length;
            if (continued.Length < length) continued = new char[2 * length];
            model.prefix.CopyTo(continued);
            rest.CopyTo(continued.AsSpan(model.prefix.Length));
            return continued.AsSpan(0, length);
        }
    }
}
