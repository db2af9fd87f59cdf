using Interp.Tokenizers;

namespace Interp.Tests.Tokenizers;

/// <summary>Texts and timings that tell linear from worse.</summary>
internal static class LinearTime
{
    /// <summary>Words of a small vocabulary in random order: repeats its words as a text does.</summary>
    public static string Ordinary(int length)
    {
        var random = new Random(1);
        string[] words =
        [
            "the", "model", "attends", "to", "previous", "tokens", "and", "copies", "what", "followed", ".",
            "induction", "heads", "score", "0.97", "in", "layer", "1", ",", "naïve", "baselines", "don't", "\n",
        ];
        var text = new System.Text.StringBuilder();
        while (text.Length < length) text.Append(' ').Append(words[random.Next(words.Length)]);
        return text.ToString();
    }

    /// <summary>
    /// Words as languages have them: 60,000 of them, the k-th most frequent as often as 1/k (Zipf 1949), the frequent ones
    /// short. Unlike <see cref="Ordinary"/>, a tenth of its words is seldom seen.
    /// </summary>
    public static string Prose(int length, int seed = 0)
    {
        var random = new Random(seed);
        var words = Enumerable.Range(0, 60_000).Select(Word).ToArray();
        var text = new System.Text.StringBuilder(length + 20);
        while (text.Length < length)
        {
            var rank = (int)Math.Exp(random.NextDouble() * Math.Log(words.Length)) - 1;
            text.Append(words[rank]).Append(random.Next(12) == 0 ? random.Next(6) == 0 ? ".\n" : ", " : " ");
        }
        return text.ToString(0, length);
    }

    private static string Word(int rank)
    {
        string[] syllables = ["the", "a", "to", "ing", "er", "on", "re", "con", "ti", "ment", "al", "in", "is", "per", "ly", "en", "mo", "de", "s", "ra"];
        var word = "";
        for (var left = rank + 1; left > 0; left /= syllables.Length) word += syllables[left % syllables.Length];
        return rank % 17 == 3 ? char.ToUpperInvariant(word[0]) + word[1..] : word;
    }

    /// <summary>Nanoseconds for each character, once.</summary>
    public static double Once(Tokenizer tokenizer, string text)
    {
        var watch = ThreadClock.StartNew();
        tokenizer.Encode(text);
        return watch.Elapsed.TotalNanoseconds / text.Length;
    }

    /// <summary>Nanoseconds for each character, the best of six runs: other work on the machine only adds.</summary>
    public static double PerCharacter(Tokenizer tokenizer, string text)
    {
        var best = double.MaxValue;
        for (var run = 0; run < 6; run++)
        {
            var watch = ThreadClock.StartNew();
            tokenizer.Encode(text);
            best = Math.Min(best, watch.Elapsed.TotalNanoseconds / text.Length);
        }
        return best;
    }
}
