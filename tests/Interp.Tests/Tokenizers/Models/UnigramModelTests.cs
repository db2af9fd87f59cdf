using Interp.Tokenizers;
using Interp.Tokenizers.Models;

namespace Interp.Tests.Tokenizers.Models;

public sealed class UnigramModelTests
{
    [Fact]
    public void The_cut_is_the_best_of_all_cuts()
    {
        var random = new Random(41);
        var unknownSeen = 0;
        for (var round = 0; round < 400; round++)
        {
            var scores = RandomPieces(random);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 11)).Select(_ => "abc▁x𝒜"[random.Next(5)]))
                + (random.Next(4) == 0 ? "𝒜" : "");
            var model = ModelOf(scores, byteFallback: false);
            var (spelled, sum) = BestOf(scores, text);
            var ids = Encode(model, text, out var places);
            var cut = places.Select(place => text[place.Start..place.End]).ToArray();
            Assert.Equal(text, string.Concat(cut));
            Assert.Equal(sum, cut.Sum(piece => Score(scores, piece)), 9);
            if (spelled.Length == cut.Length) Assert.Equal(cut.Select(piece => scores.ContainsKey(piece)), spelled.Select(scores.ContainsKey));
            unknownSeen += ids.Count(id => id == 0);
            Assert.Equal(cut.Select(piece => scores.ContainsKey(piece) ? piece : "<unk>"), ids.Select(id => model.Vocabulary.Token(id)));
        }
        Assert.True(unknownSeen > 50, $"only {unknownSeen} unknown tokens: the unknown path is not tested");
    }

    [Fact]
    public void Neighbouring_unknown_characters_are_one_token_or_their_bytes()
    {
        var scores = new Dictionary<string, double> { ["a"] = -1 };
        Assert.Equal(["a", "<unk>", "a"], Tokens(ModelOf(scores, byteFallback: false), "aéßa"));
        Assert.Equal(["a", "<0xC3>", "<0xA9>", "<0xC3>", "<0x9F>", "a"], Tokens(ModelOf(scores, byteFallback: true), "aéßa"));
    }

    [Fact]
    public void Of_equal_cuts_the_one_that_reached_the_place_first_counts()
    {
        // a|bc is offered at place 1, before ab|c at place 2.
        var scores = new Dictionary<string, double> { ["a"] = -1, ["c"] = -1, ["b"] = -5, ["ab"] = -1, ["bc"] = -1 };
        Assert.Equal(["a", "bc"], Tokens(ModelOf(scores, byteFallback: false), "abc"));
    }

    [Fact]
    public void Words_cut_at_spaces_give_what_the_whole_text_gives()
    {
        var random = new Random(42);
        for (var round = 0; round < 200; round++)
        {
            var scores = RandomPieces(random);
            scores["▁"] = -3;
            scores["▁a"] = -2;
            var whole = new Dictionary<string, double>(scores) { ["x▁neverthere"] = -1 };     // forbids the cutting
            var text = string.Concat(Enumerable.Range(0, 30).Select(_ => "aabbc▁x"[random.Next(7)]));
            // Of equal cuts, rounding may choose another one; the sum is the same.
            Assert.Equal(Sum(ModelOf(whole, false)), Sum(ModelOf(scores, false)), 9);

            double Sum(UnigramModel model)
            {
                Encode(model, text, out var places);
                return places.Sum(place => Score(scores, text[place.Start..place.End]));
            }
        }
    }

    [Fact]
    public void Time_is_linear_without_any_space()
    {
        var scores = RandomPieces(new Random(1));
        var encoder = ModelOf(scores, byteFallback: false).NewEncoder();
        var watch = ThreadClock.StartNew();
        encoder.Encode(new string('a', 2_000_000));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        Assert.NotEmpty(encoder.Output);
    }

    private static Dictionary<string, double> RandomPieces(Random random)
    {
        var scores = new Dictionary<string, double>();
        foreach (var letter in new[] { "a", "b", "c" })
            if (random.Next(5) > 0) scores[letter] = -2 - (4 * random.NextDouble());
        for (var i = 0; i < 6; i++)
        {
            var piece = string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => "abcx"[random.Next(4)]));
            scores[piece] = -1 - (10 * random.NextDouble());
        }
        return scores;
    }

    private static UnigramModel ModelOf(Dictionary<string, double> scores, bool byteFallback)
    {
        List<string> tokens = ["<unk>", .. scores.Keys];
        if (byteFallback) tokens.AddRange(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"));
        var vocabulary = Vocabulary.Build("test", [.. tokens.Select((token, id) => KeyValuePair.Create(token, id))]);
        return new UnigramModel(vocabulary, [.. tokens.Select(token => scores.GetValueOrDefault(token))],
            id => id > 0, scores.Values.Min(), byteFallback)
        { UnknownId = 0 };
    }

    // Every cut of the text; a character that is no token may stand alone as unknown, and unknown neighbours join.
    private static (string[] Cut, double Sum) BestOf(Dictionary<string, double> scores, string text)
    {
        var best = new (List<string> Cut, double Sum)?[text.Length + 1];
        best[text.Length] = ([], 0);
        for (var at = text.Length - 1; at >= 0; at--)
        {
            for (var end = at + 1; end <= text.Length; end++)
            {
                var piece = text[at..end];
                var single = piece.EnumerateRunes().Count() == 1 && !(piece.Length == 1 && char.IsSurrogate(piece[0]));
                if (best[end] is not { } rest || !(scores.ContainsKey(piece) || single)) continue;
                var sum = Score(scores, piece) + rest.Sum;
                if (best[at] is null || sum > best[at]!.Value.Sum) best[at] = ([piece, .. rest.Cut], sum);
            }
        }
        var joined = new List<string>();
        foreach (var piece in best[0]!.Value.Cut)
        {
            if (joined.Count > 0 && !scores.ContainsKey(piece) && !scores.ContainsKey(joined[^1])) joined[^1] += piece;
            else joined.Add(piece);
        }
        return ([.. joined], best[0]!.Value.Sum);
    }

    private static double Score(Dictionary<string, double> scores, string piece) =>
        scores.TryGetValue(piece, out var score) ? score : (scores.Values.Min() - 10) * piece.EnumerateRunes().Count();

    private static string[] Tokens(UnigramModel model, string text) =>
        [.. Encode(model, text, out _).Select(id => model.Vocabulary.Token(id)!)];

    private static List<long> Encode(UnigramModel model, string text, out List<(int Start, int End)> places)
    {
        var encoder = model.NewEncoder();
        encoder.Places = places = [];
        encoder.Encode(text);
        var cached = model.NewEncoder();
        cached.Encode(text);
        Assert.Equal(encoder.Output, cached.Output);
        return encoder.Output;
    }
}
