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
