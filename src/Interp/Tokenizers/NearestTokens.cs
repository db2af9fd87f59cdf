namespace Interp.Tokenizers;

/// <summary>The tokens most like a misspelled one, for error messages.</summary>
internal static class NearestTokens
{
    private const int LongestCompared = 64;

    /// <summary>Up to <paramref name="count"/> tokens by edit distance, ignoring case first, then with it.</summary>
    public static IEnumerable<string> To(string word, IEnumerable<string> tokens, int count)
    {
        var own = Clip(word);
        return tokens.OrderBy(token => Distance(own.ToLowerInvariant(), Clip(token).ToLowerInvariant()))
            .ThenBy(token => Distance(own, Clip(token))).ThenBy(token => token, StringComparer.Ordinal).Take(count);
    }

    public static string Shortened(string word) =>
        word.Length <= LongestCompared ? word : word[..LongestCompared] + "…";

    private static string Clip(string word) => word.Length <= LongestCompared ? word : word[..LongestCompared];

    // Levenshtein's distance, one row at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, _) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
