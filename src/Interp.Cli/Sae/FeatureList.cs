using System.Globalization;

namespace Interp.Cli.Sae;

/// <summary>Numbers of features: <c>3,17,100-199</c>.</summary>
internal static class FeatureList
{
    /// <summary>Reads the value of <c>--features</c>.</summary>
    /// <param name="text">Numbers and ranges between commas.</param>
    /// <param name="count">How many features there are.</param>
    /// <exception cref="UserErrorException">It is no such list, or one does not exist.</exception>
    public static int[] Parse(string text, int count)
    {
        var features = new List<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !Number(ends[0], out var first) || !Number(ends[^1], out var last) || last < first)
                throw new UserErrorException($"--features: '{part}' is no feature and no range; give them as 3,17,100-199");
            if (last >= count) throw new UserErrorException($"--features: there is no feature {last}; they are 0 to {count - 1}");
            features.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return [.. features.Distinct()];
    }

    private static bool Number(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
