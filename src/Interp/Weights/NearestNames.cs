namespace Interp.Weights;

/// <summary>Suggestions for a name that does not exist.</summary>
internal static class NearestNames
{
    private const int Shown = 3;

    /// <summary>The names with the smallest edit distance, if it is under half of the name's length.</summary>
    public static List<string> Of(string wanted, IEnumerable<string> names) =>
    [
        .. names.Where(name => Math.Abs(name.Length - wanted.Length) <= wanted.Length / 2)
            .Select(name => (name, distance: Distance(wanted, name)))
            .Where(candidate => candidate.distance <= Math.Max(1, wanted.Length / 2))
            .OrderBy(candidate => candidate.distance)
            .Take(Shown)
            .Select(candidate => candidate.name),
    ];

    // Levenshtein, one row at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
