using Interp.Cli.Models;
using Interp.Reports;
using Interp.Sae.Dashboards;

namespace Interp.Cli.Sae;

/// <summary>A dashboard of features as a page.</summary>
internal static class FeaturePage
{
    /// <summary>Makes the page.</summary>
    /// <param name="dashboard">What was measured.</param>
    /// <param name="model">The model.</param>
    /// <param name="of">The dictionary's path; null for neurons.</param>
    /// <param name="seed">The seed of the random examples.</param>
    /// <param name="command">The command line that makes the page again.</param>
    public static Report Create(FeatureDashboard dashboard, LoadedModel model, string? of, ulong seed, string command)
    {
        var kind = dashboard.IsNeurons ? "neuron" : "feature";
        var place = dashboard.Hook == dashboard.Target ? dashboard.Hook : $"{dashboard.Hook} → {dashboard.Target}";
        var report = ModelReport.Create($"{(dashboard.IsNeurons ? "Neurons" : "Features")} of {model.Config.ModelName}, {place}",
            command, model, seed);
        report.Configuration["hook"] = dashboard.Hook;
        if (dashboard.Target != dashboard.Hook) report.Configuration["target"] = dashboard.Target;
        if (of is not null) report.Configuration["dictionary"] = of;
        report.Configuration["tokens"] = dashboard.Tokens;
        report.Configuration["features"] = dashboard.Features.Count;
        var view = new FeaturesView($"Features of {place}",
            [.. dashboard.Features.Select(feature => Sheet(OnTokens(feature, model), kind))], token => model.TokenText(token))
        {
            Kind = kind,
            Tokens = dashboard.Tokens,
            Caption = Caption(dashboard, kind),
        };
        report.AddSection($"{dashboard.Features.Count:N0} {kind}s on {dashboard.Tokens:N0} tokens").Add(view);
        return report;
    }

    private static string Caption(FeatureDashboard dashboard, string kind)
    {
        var lens = dashboard.Features[0].Logits is null
            ? $"What a {kind} here does to the logits does not go through one matrix, so no tokens are shown that it raises. "
            : "“Raises” and “lowers” are the direction through the final norm's weights and the unembedding (logit lens). ";
        return $"Colours are a {kind}'s activation as a part of its maximum. {lens}"
            + (dashboard.HasCorrelations ? "" : $"Correlations were not measured: there are too many {kind}s.");
    }

    /// <summary>Outputs are tokens unless the model is a classifier with outputs of its own.</summary>
    private static FeatureEntry OnTokens(FeatureEntry entry, LoadedModel model) =>
        model.Config.OutputSize >= model.Config.DVocab ? entry : entry with { Logits = null };

    private static FeatureSheet Sheet(FeatureEntry entry, string kind)
    {
        var own = entry.Statistics;
        return new FeatureSheet
        {
            Index = entry.Index,
            Density = own.Density,
            Maximum = own.Maximum,
            Minimum = own.Minimum,
            Mean = own.Mean,
            Activations = Bars(own.Histogram),
            Examples = Examples(own),
            Promoted = Tokens(entry.Logits?.Promoted),
            Suppressed = Tokens(entry.Logits?.Suppressed),
            Logits = entry.Logits is { } logits ? new FeatureBars(logits.Low,
                (logits.High - logits.Low) / logits.Histogram.Count, logits.Histogram) : null,
            Related =
            [
                Relations($"Similar {kind}s", kind, entry.Similar, linked: true),
                Relations($"Correlated {kind}s", kind, entry.Correlated, linked: true),
                Relations("Neurons", "neuron", entry.Neurons, linked: false),
            ],
        };
    }

    /// <summary>The bins from the least to the greatest that holds something, and from zero.</summary>
    private static FeatureBars? Bars(ActivationHistogram histogram)
    {
        int[] held = [.. Enumerable.Range(-ActivationHistogram.Side, 2 * ActivationHistogram.Side)
            .Where(bin => histogram.Count(bin) > 0)];
        if (held.Length == 0) return null;
        var (first, last) = (Math.Min(held[0], 0), Math.Max(held[^1], -1));
        return new FeatureBars(first * histogram.Width, histogram.Width,
            [.. Enumerable.Range(first, last - first + 1).Select(histogram.Count)]);
    }

    private static FeatureWindows[] Examples(FeatureStatistics own) => own.Top.Count == 0 ? [] :
    [
        new FeatureWindows("Strongest — one a sequence", [.. own.Top.Select(Window)]),
        .. own.Intervals.Where(interval => interval.Examples.Count > 0).Select(interval => new FeatureWindows(
            $"{interval.Low:0.####} to {interval.High:0.####} — {Drawn(interval)}",
            [.. interval.Examples.Select(Window)])),
    ];

    private static string Drawn(ActivationInterval interval) =>
        interval.Count == 1 ? "1 token"
            : interval.Count == interval.Examples.Count ? $"all {interval.Count} tokens"
            : $"{interval.Examples.Count} of {interval.Count:N0} tokens, drawn at random";

    private static FeatureWindow Window(FeatureExample example) => new(example.Tokens, example.Values, example.Peak);

    private static FeatureToken[] Tokens(IReadOnlyList<TokenLogit>? tokens) =>
        [.. (tokens ?? []).Select(token => new FeatureToken(token.Token, token.Value))];

    private static FeatureRelations Relations(string title, string kind, IReadOnlyList<RelatedItem> items, bool linked) =>
        new(title, [.. items.Select(item => new FeatureRelation($"{kind} {item.Index}", item.Value,
            linked ? item.Index : null))]);
}
