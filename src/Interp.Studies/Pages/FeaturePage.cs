using Interp.Models;
using Interp.Reports;
using Interp.Sae.Dashboards;

namespace Interp.Studies.Pages;

/// <summary>Turns what was measured of features into the view that shows them, in a notebook or a report.</summary>
/// <example><code>
/// var source = FeatureSource.Of(dictionary, "blocks.1.hook_resid_post");
/// var dashboard = FeatureDashboard.Measure(model, source, sequences.Batches(16));
/// FeaturePage.View(dashboard, model)
/// </code></example>
public static class FeaturePage
{
    /// <summary>The view, with tokens as the model's tokenizer writes them.</summary>
    /// <param name="dashboard">What was measured.</param>
    /// <param name="model">The model that it was measured on.</param>
    public static FeaturesView View(FeatureDashboard dashboard, HookedTransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return View(dashboard, token => model.Tokenizer?.TokenText(token) ?? $"{token}",
            model.Config.OutputSize >= model.Config.DVocab);
    }

    /// <summary>The view.</summary>
    /// <param name="dashboard">What was measured.</param>
    /// <param name="tokenText">How a token is written.</param>
    /// <param name="outputsAreTokens">
    /// Whether the model's outputs are tokens; those of a classifier are not, so what a feature raises is left out.
    /// </param>
    public static FeaturesView View(FeatureDashboard dashboard, Func<int, string> tokenText, bool outputsAreTokens = true)
    {
        ArgumentNullException.ThrowIfNull(dashboard);
        ArgumentNullException.ThrowIfNull(tokenText);
        var kind = dashboard.IsNeurons ? "neuron" : "feature";
        var place = dashboard.Hook == dashboard.Target ? dashboard.Hook : $"{dashboard.Hook} → {dashboard.Target}";
        var entries = dashboard.Features.Select(entry => outputsAreTokens ? entry : entry with { Logits = null });
        return new FeaturesView($"Features of {place}", [.. entries.Select(entry => Sheet(entry, kind))], tokenText)
        {
            Kind = kind,
            Tokens = dashboard.Tokens,
            Caption = Caption(dashboard, kind, outputsAreTokens && dashboard.Features[0].Logits is not null),
        };
    }

    private static string Caption(FeatureDashboard dashboard, string kind, bool hasLogits)
    {
        var lens = hasLogits
            ? "“Raises” and “lowers” are the direction through the final norm's weights and the unembedding (logit lens). "
            : $"What a {kind} here does to the logits does not go through one matrix, so no tokens are shown that it raises. ";
        return $"Colours are a {kind}'s activation as a part of its maximum. {lens}"
            + (dashboard.HasCorrelations ? "" : $"Correlations were not measured: there are too many {kind}s.");
    }

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
