using System.Text.RegularExpressions;
using Interp.Studies.ModularAddition;

namespace Interp.Studies.Tests.ModularAddition;

/// <summary>The card of a shipped model beside what is measured now.</summary>
internal static partial class ModularCard
{
    public static void Matches(string folder, GrokAnalysis analysis)
    {
        var card = File.ReadAllText(Path.Combine(folder, "README.md"));
        Assert.Contains($"| loss on the other pairs | {analysis.SplitLosses!.Value.Test:0.00e-0} |", card);
        foreach (var v in analysis.Verdicts())
        {
            var row = card.Split('\n').Single(line => line.StartsWith($"| {v.Claim} |", StringComparison.Ordinal))
                .Split('|', StringSplitOptions.TrimEntries);
            Assert.Equal((v.Published, v.Holds ? "yes" : "no"), (row[3], row[4]));
            // Another libtorch rounds differently in the last digit that is shown.
            foreach (var (shown, now) in Numbers(row[2]).Zip(Numbers(v.Measured)))
                Assert.Equal(now, shown, Math.Max(0.02 * Math.Abs(now), 0.02));
        }
    }

    private static IEnumerable<double> Numbers(string text) => Number().Matches(text).Select(match => double.Parse(match.Value));

    [GeneratedRegex(@"\d+(\.\d+)?(e-\d+)?")]
    private static partial Regex Number();
}
