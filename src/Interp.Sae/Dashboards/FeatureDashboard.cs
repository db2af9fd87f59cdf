using Interp.Models;
using Interp.Sae.Activations;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dashboards;

/// <summary>Everything that is known of the features of a dictionary, or of the neurons of a hook, on a text.</summary>
/// <remarks>
/// <code>
/// var source = FeatureSource.Of(dictionary, "blocks.1.hook_resid_post");
/// var dashboard = FeatureDashboard.Measure(model, source, sequences.Batches(16));
/// var densest = dashboard.Features.MaxBy(feature => feature.Statistics.Density)!;
/// Console.WriteLine($"{densest.Index}: {string.Join(" ", densest.Logits!.Promoted.Select(t => t.Token))}");
/// </code>
/// The text is read once; what is held does not grow with it. The shape of the page is that of sae_vis (McDougall 2024)
/// and Neuronpedia.
/// </remarks>
/// <param name="Hook">The hook that is read.</param>
/// <param name="Target">The hook that the features write to.</param>
/// <param name="Tokens">Tokens that were read.</param>
/// <param name="IsNeurons">Whether the features are the hook's own components.</param>
/// <param name="HasCorrelations">Whether correlations were measured.</param>
/// <param name="Features">The features in the order of the options, or of their numbers.</param>
public sealed record FeatureDashboard(string Hook, string Target, long Tokens, bool IsNeurons, bool HasCorrelations,
    IReadOnlyList<FeatureEntry> Features)
{
    /// <summary>Runs a model over a text and looks at every feature.</summary>
    /// <param name="model">The model; it runs no further than the hook.</param>
    /// <param name="source">The features.</param>
    /// <param name="batches">Tokens [batch, pos]; read once.</param>
    /// <param name="options">What to show.</param>
    /// <param name="progress">Told how many sequences were read.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ArgumentException">The dictionary does not fit the hook, there is no text, or an option does not
    /// fit.</exception>
    public static FeatureDashboard Measure(HookedTransformer model, FeatureSource source, IEnumerable<Tensor> batches,
        DashboardOptions? options = null, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new DashboardOptions();
        options.Validate(source.Count);
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        int[] chosen = [.. options.Features ?? Enumerable.Range(0, source.Count)];
        var collector = new FeatureCollector(chosen.Length, options);
        var correlations = chosen.Length <= options.MostForCorrelation && options.Related > 0
            ? new FeatureCorrelations(chosen.Length, source.IsNeurons) : null;
        var which = options.Features is null ? null : torch.tensor(chosen, device: model.Device);
        var sequences = 0L;
        foreach (var tokens in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = torch.NewDisposeScope();
            using var cache = model.CacheOnly(tokens, [source.Hook]);
            var value = ModelActivations.Flat(cache[source.Hook]);
            if (sequences == 0) source.Check(model, value);
            var features = source.Activations(value.narrow(1, options.SkipPositions,
                value.size(1) - options.SkipPositions));
            if (which is not null) features = features.index_select(2, which);
            collector.Add(tokens, features);
            correlations?.Add(features);
            progress?.Report(sequences += tokens.size(0));
        }

        return new FeatureDashboard(source.Hook, source.Target, collector.Tokens, source.IsNeurons,
            correlations is not null, Entries(model, source, options, chosen, collector.Finish(), correlations, cancellation));
    }

    private static FeatureEntry[] Entries(HookedTransformer model, FeatureSource source, DashboardOptions options,
        int[] chosen, IReadOnlyList<FeatureStatistics> statistics, FeatureCorrelations? correlations,
        CancellationToken cancellation)
    {
        Tensor? Chosen(Tensor? rows) => rows is null || options.Features is null ? rows
            : rows.index_select(0, torch.tensor(chosen, device: rows.device));
        var written = source.Written(model);
        var logits = Chosen(written) is { } lens ? LogitEffects.Measure(model, lens, options.Logits, cancellation) : null;
        // What a neuron is about shows in what it writes; axes themselves are all at right angles.
        var directions = source.Directions() ?? (source.Hook.Contains("mlp") ? written : null);
        var similar = Chosen(directions) is { } own
            ? Alignment.Nearest(own, options.Features is null ? null : directions, options.Related + (options.Features is null ? 0 : 1), absolute: false)
            : null;
        var neurons = source.NeuronBasis(model) is { } basis
            ? Alignment.Nearest(Chosen(directions)!, basis, options.Related, absolute: true) : null;
        var correlated = correlations?.Strongest(options.Related);
        return [.. chosen.Select((feature, i) => new FeatureEntry(feature, statistics[i], logits?[i],
            [.. (similar?[i] ?? []).Where(item => item.Index != feature).Take(options.Related)],
            [.. (correlated?[i] ?? []).Select(item => item with { Index = chosen[item.Index] })], neurons?[i] ?? []))];
    }
}
