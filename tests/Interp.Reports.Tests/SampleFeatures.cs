namespace Interp.Reports.Tests;

/// <summary>Made-up features with the shapes of real ones.</summary>
internal static class SampleFeatures
{
    public static readonly string[] Vocabulary =
    [
        " the", " cat", " Mary", "\n", "</script><script>document.title='owned'</script>", "<img src=x onerror=document.title='owned'>",
        " dog", " ran", "ing", "🙂",
    ];

    /// <summary>Feature i is at number 3·i, and the strongest are the first ones; the last never fires.</summary>
    public static FeatureSheet[] Sheets(int count, int windows = 4, int length = 16) =>
        [.. Enumerable.Range(0, count).Select(i => i == count - 1 ? Dead(i) : Sheet(i, count, windows, length))];

    public static Report Report(IReadOnlyList<FeatureSheet> sheets, Func<int, string>? text = null)
    {
        var report = new Report("Features of a model");
        report.AddSection("Features").Add(new FeaturesView("Features", sheets, text ?? (token => Vocabulary[token]))
        {
            Tokens = 10_000,
            Caption = "Made up.",
        });
        return report;
    }

    private static FeatureSheet Dead(int i) => new() { Index = 3 * i, Density = 0, Maximum = 0 };

    private static FeatureSheet Sheet(int i, int count, int windows, int length)
    {
        var maximum = count - i + 0.25;
        return new FeatureSheet
        {
            Index = 3 * i,
            Density = (i + 1) / (double)(4 * count),
            Maximum = maximum,
            Minimum = i == 1 ? -2 : 0,
            Mean = maximum / 2,
            Activations = new FeatureBars(i == 1 ? -2 : 0, 0.5, [5, 4, 0, 2, 1]),
            Logits = new FeatureBars(-1, 0.25, [1, 5, 20, 9, 3, 0, 1]),
            Promoted = [new FeatureToken(i % 4, 1.5), new FeatureToken(9, 0.5)],
            Suppressed = [new FeatureToken(7, -0.75)],
            Examples =
            [
                new FeatureWindows("Strongest — one a sequence", [.. Enumerable.Range(0, windows).Select(w =>
                    Window(i, w, length, maximum))]),
            ],
            Related =
            [
                new FeatureRelations("Similar features", [new FeatureRelation("feature 6", 0.8, 6), new FeatureRelation("feature 7", 0.7, 7)]),
                new FeatureRelations("Neurons", [new FeatureRelation("neuron 4", -0.3)]),
            ],
        };
    }

    private static FeatureWindow Window(int feature, int window, int length, double maximum)
    {
        var tokens = Enumerable.Range(0, length).Select(t => (feature + window * 7 + t) % Vocabulary.Length).ToArray();
        var values = new float[length];
        values[length / 2] = (float)(maximum / (window + 1));
        values[0] = feature == 1 ? -1 : 0;
        tokens[length / 2] = feature % Vocabulary.Length;
        return new FeatureWindow(tokens, values, length / 2);
    }
}
