namespace Interp.Hooks;

/// <summary>Finds the names that somebody may have meant, by edit distance.</summary>
public static class NearestNames
{
    /// <summary>The names with the fewest edits from what was written, the nearest first.</summary>
    public static IReadOnlyList<string> Of(string written, IEnumerable<string> names, int count = 3) =>
        [.. names.OrderBy(name => Distance(written, name)).ThenBy(name => name, StringComparer.Ordinal).Take(count)];

    /// <summary>Levenshtein distance: insertions, deletions and substitutions.</summary>
    internal static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
