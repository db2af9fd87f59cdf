using Interp.Hooks;

namespace Interp.Tokenizers;

/// <summary>The tokens most like a misspelled one, for error messages.</summary>
internal static class NearestTokens
{
    private const int LongestCompared = 64;

    /// <summary>Up to <paramref name="count"/> tokens by edit distance, ignoring case first, then with it.</summary>
    public static IEnumerable<string> To(string word, IEnumerable<string> tokens, int count)
    {
        var own = Clip(word);
        return tokens.OrderBy(token => NearestNames.Distance(own.ToLowerInvariant(), Clip(token).ToLowerInvariant()))
            .ThenBy(token => NearestNames.Distance(own, Clip(token))).ThenBy(token => token, StringComparer.Ordinal)
            .Take(count);
    }

    public static string Shortened(string word) =>
        word.Length <= LongestCompared ? word : word[..LongestCompared] + "…";

    private static string Clip(string word) => word.Length <= LongestCompared ? word : word[..LongestCompared];
}
