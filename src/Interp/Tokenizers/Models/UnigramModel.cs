namespace Interp.Tokenizers.Models;

/// <summary>
/// The unigram language model (Kudo 2018; T5, ALBERT, XLM-R): each token has a log probability, and a text is cut so
/// that the sum is largest.
/// </summary>
/// <remarks>
/// <para>Viterbi over the characters: <c>best(j) = max over tokens t ending at j of best(j − |t|) + score(t)</c>, the
/// shortest path so far winning a tie. A character that is no token by itself may also be unknown, at the lowest score
/// of all minus 10; neighbouring unknown characters are one unknown token. Linear in the text: at each place the walk
/// is no longer than the longest token.</para>
/// <para>Where no token has a <c>▁</c> after another character, the best cut passes every such place, so the text is
/// encoded word by word.</para>
/// </remarks>
internal sealed class UnigramModel : PieceModel
{
    private const double UnknownPenalty = 10;
    private const char Space = '▁';

    private readonly double[] scores;
    private readonly PieceTrie trie = new();
    private readonly double unknownScore;
    private readonly ByteTokens? bytes;
    private readonly bool cutsAtSpaces;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="scores">Log probability by id.</param>
    /// <param name="usable">Which tokens a text may be cut into (not the marks of a SentencePiece file).</param>
    /// <param name="lowest">The lowest score, from which the unknown score is taken.</param>
    /// <param name="byteFallback">Spell unknown characters in bytes.</param>
    public UnigramModel(Vocabulary vocabulary, double[] scores, Func<int, bool> usable, double lowest, bool byteFallback)
        : base(vocabulary)
    {
        this.scores = scores;
        unknownScore = lowest - UnknownPenalty;
        bytes = byteFallback ? new ByteTokens(vocabulary) : null;
        cutsAtSpaces = true;
        foreach (var token in vocabulary.Tokens)
        {
            var id = vocabulary.Find(token)!.Value;
            if (token.Length == 0 || id >= scores.Length || !usable(id)) continue;
            trie.Add(token, id);
            cutsAtSpaces &= token.AsSpan().TrimStart(Space).IndexOf(Space) < 0;
        }
    }

    public override string Kind => "Unigram";

    public override PieceEncoder NewEncoder() => new Encoder(this);

    private sealed class Encoder(UnigramModel model) : PieceEncoder
    {
        private double[] best = [];
        private int[] starts = [];
        private int[] tokens = [];
        private readonly List<(int Id, int Start, int End)> path = [];
        private int offset;

        public override void Encode(ReadOnlySpan<char> piece)
        {
            for (var start = 0; start < piece.Length;)
            {
                var end = start;
                while (end < piece.Length && piece[end] == Space) end++;
                var next = model.cutsAtSpaces ? piece[end..].IndexOf(Space) : -1;
                end = next < 0 ? piece.Length : end + next;
                offset = start;
                base.Encode(piece[start..end]);
                start = end;
            }
        }

        protected override void EncodeAfresh(ReadOnlySpan<char> piece, List<int> ids)
        {
            FindBest(piece);
            Trace(piece.Length);
            for (var i = path.Count - 1; i >= 0; i--)
            {
                var (id, start, end) = path[i];
                var count = ids.Count;
                if (id >= 0) ids.Add(id);
                else if (!(model.bytes?.TryAdd(piece[start..end], ids) ?? false))
                    ids.Add(model.UnknownId ?? throw NoToken(piece[start..end]));
                for (; count < ids.Count; count++) Places?.Add((offset + start, offset + end));
            }
        }

        private void FindBest(ReadOnlySpan<char> piece)
        {
            if (best.Length <= piece.Length)
            {
                best = new double[(2 * piece.Length) + 1];
                starts = new int[best.Length];
                tokens = new int[best.Length];
            }
            Array.Fill(starts, -1, 0, piece.Length + 1);
            best[0] = 0;
            for (int at = 0, width; at < piece.Length; at += width)
            {
                width = char.IsHighSurrogate(piece[at]) ? 2 : 1;
                var single = false;
                var node = 0;
                for (var end = at; end < piece.Length && (node = model.trie.Step(node, piece[end])) >= 0;)
                {
                    end++;
                    var id = model.trie.TokenAt(node);
                    if (id < 0) continue;
                    Offer(at, end, id, model.scores[id]);
                    single |= end == at + width;
                }
                if (!single) Offer(at, at + width, -1, model.unknownScore);
            }
        }

        private void Offer(int start, int end, int id, double score)
        {
            var sum = best[start] + score;
            if (starts[end] >= 0 && sum <= best[end]) return;
            (best[end], starts[end], tokens[end]) = (sum, start, id);
        }

        // From the end to the beginning; unknown neighbours become one.
        private void Trace(int length)
        {
            path.Clear();
            for (var end = length; end > 0; end = starts[end])
            {
                if (tokens[end] < 0 && path.Count > 0 && path[^1].Id < 0) path[^1] = (-1, starts[end], path[^1].End);
                else path.Add((tokens[end], starts[end], end));
            }
        }

        private static TokenizerException NoToken(ReadOnlySpan<char> text) => new(
            $"encode: the vocabulary has no token for '{NearestTokens.Shortened(text.ToString())}' and no unknown token; "
            + "leave it out");
    }
}
