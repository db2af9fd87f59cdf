using Interp.Tokenizers.ByteLevel;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.Training;

/// <summary>Learns a byte-level BPE vocabulary from text (Sennrich et al. 2016, Radford et al. 2019).</summary>
/// <remarks>
/// <para><b>Problem.</b> A tokenizer should have a token of its own for what is frequent in its text, and still spell
/// every text.</para>
/// <para><b>Idea.</b> Begin with the 256 bytes. Again and again make the pair of neighbours that is most frequent, within
/// words, into one token, until the vocabulary is full or no pair comes twice.</para>
/// <code>
/// var learned = BpeTrainer.Train(["low low low lower lower newest"], new BpeTrainerOptions { VocabularySize = 261 });
/// learned.Save("tokenizer.json");
/// </code>
/// <para>Only counts of words matter, so texts may come in any order. Of equally frequent pairs that with the smaller
/// ids is taken, left before right, as the Hugging Face <c>tokenizers</c> library does: the result is the same every
/// time.</para>
/// </remarks>
public static class BpeTrainer
{
    /// <summary>Learns a vocabulary.</summary>
    /// <param name="texts">The text; cut into words as GPT-2 does.</param>
    /// <param name="options">How large, and which special tokens.</param>
    /// <param name="cancellation">Stops the reading of texts and the learning.</param>
    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public static LearnedBpe Train(IEnumerable<string> texts, BpeTrainerOptions options, CancellationToken cancellation = default)
    {
        options.Validate();
        var tokens = new List<string>(options.SpecialTokens);
        var ofByte = AddAlphabet(tokens);
        var words = new PairCounts(Spell(CountWords(texts, cancellation), ofByte));
        var merges = new List<(string Left, string Right)>();
        while (tokens.Count < options.VocabularySize && words.MostFrequent(options.MinFrequency) is var (left, right))
        {
            cancellation.ThrowIfCancellationRequested();
            merges.Add((tokens[left], tokens[right]));
            tokens.Add(tokens[left] + tokens[right]);
            words.Merge(left, right, tokens.Count - 1);
        }
        return new LearnedBpe(tokens, merges, options);
    }

    /// <summary>The 256 characters that stand for bytes, in the order of the characters; gives the id of every byte.</summary>
    private static int[] AddAlphabet(List<string> tokens)
    {
        var ids = new int[256];
        foreach (var value in Enumerable.Range(0, 256).OrderBy(value => ByteAlphabet.CharOf((byte)value)))
        {
            ids[value] = tokens.Count;
            tokens.Add(ByteAlphabet.CharOf((byte)value).ToString());
        }
        return ids;
    }

    private static Dictionary<string, long> CountWords(IEnumerable<string> texts, CancellationToken cancellation)
    {
        var counts = new Dictionary<string, long>();
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var rest = TextRepair.WellFormed(text).AsSpan(); rest.Length > 0;)
            {
                var length = Gpt2Words.Next(rest);
                lookup[rest[..length]] = lookup.TryGetValue(rest[..length], out var seen) ? seen + 1 : 1;
                rest = rest[length..];
            }
        }
        return counts;
    }

    private static IEnumerable<(List<int> Ids, long Count)> Spell(Dictionary<string, long> words, int[] ofByte) =>
        words.OrderBy(word => word.Key, StringComparer.Ordinal)
            .Select(word => (System.Text.Encoding.UTF8.GetBytes(word.Key).Select(value => ofByte[value]).ToList(), word.Value));
}
