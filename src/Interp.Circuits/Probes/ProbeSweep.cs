using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Probes;

/// <summary>Where in a model a property of texts can be read: a probe for every layer and position.</summary>
/// <remarks>
/// All probes share one split of the texts into those that are fitted to and those that are tested on, drawn with a
/// seed, and each is compared with one fitted to shuffled labels.
/// <code>
/// var options = new ProbeSweepOptions { Positions = ^1 };
/// var scores = ProbeSweep.Run(model, tokens, labels, options);   // tokens [text, pos], labels [text]
/// foreach (var score in scores) Console.WriteLine($"{score.Hook}: {score.Test:P0}, by chance {score.Shuffled:P0}");
/// </code>
/// </remarks>
public static class ProbeSweep
{
    /// <summary>Fits and tests probes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">Texts of one length [text, pos].</param>
    /// <param name="labels">One class a text, integers [text] from 0.</param>
    /// <param name="options">Where, and how.</param>
    /// <param name="progress">Probes that are done, of how many.</param>
    /// <param name="cancellation">Stops between runs and between fits.</param>
    /// <returns>By layer, then position.</returns>
    /// <exception cref="ArgumentException">
    /// Texts and labels do not fit, or a class has fewer than two texts.
    /// </exception>
    public static IReadOnlyList<ProbeScore> Run(HookedTransformer model, Tensor tokens, Tensor labels,
        ProbeSweepOptions? options = null, IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new ProbeSweepOptions();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var generator = new Generator(options.Seed);
        var (train, test) = ProbeData.SplitRows(labels, options.TestShare, generator);
        var shuffled = labels.index_select(0, torch.randperm(labels.size(0), generator: generator).to(labels.device));
        var positions = options.Positions.Positions(tokens.size(1));
        var activations = Collect(model, tokens, options, cancellation);
        var scores = new List<ProbeScore>();
        foreach (var (point, values) in activations) // [text, position, d]
        {
            for (var at = 0; at < positions.Count; at++)
            {
                var found = Score(values.select(1, at), labels, shuffled, train, test, options, cancellation);
                scores.Add(found with { Hook = point.Name, Layer = point.Layer, Position = positions[at] });
                progress?.Report((scores.Count, activations.Count * positions.Count));
            }
        }
        return scores;
    }

    /// <summary>The activations at hooks of many texts, [text, position, d] each, run in batches.</summary>
    internal static IReadOnlyList<(HookPoint Point, Tensor Values)> Collect(HookedTransformer model, Tensor tokens,
        ProbeSweepOptions options, CancellationToken cancellation)
    {
        if (tokens.dim() != 2)
            throw new ArgumentException($"texts must be [text, pos], got [{string.Join(", ", tokens.shape)}]");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        var points = model.Hooks.Match(options.Hook.Contains('*') ? options.Hook : ActNames.Get(options.Hook));
        if (points.FirstOrDefault(p => p.Dimensions is not ["batch", "pos", ..]) is { } odd)
            throw new ArgumentException($"'{odd}' has no value for every text and position; a probe cannot read it");
        var parts = points.ToDictionary(point => point, _ => new List<Tensor>());
        var names = points.Select(point => point.Name).ToArray();
        for (long start = 0; start < tokens.size(0); start += options.BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var cache = model.CacheOnly(tokens.narrow(0, start, Math.Min(options.BatchSize, tokens.size(0) - start)),
                names);
            foreach (var point in points)
                parts[point].Add(scope.MoveToOuter(options.Positions.AsList().Apply(cache[point.Name], 1).flatten(2)
                    .clone()));
        }
        return [.. points.Select(point => (point, torch.cat([.. parts[point]])))];
    }

    private static ProbeScore Score(Tensor features, Tensor labels, Tensor shuffled, Tensor train, Tensor test,
        ProbeSweepOptions options, CancellationToken cancellation)
    {
        using var scope = torch.NewDisposeScope();
        var (fitted, kept) = (new ProbeData(features, labels).At(train), new ProbeData(features, labels).At(test));
        var chance = new ProbeData(features, shuffled);
        using var probe = Fit(fitted, options, cancellation);
        using var control = Fit(chance.At(train), options, cancellation);
        var counts = kept.Labels.to(ScalarType.Int64).bincount(null).max().ToInt64();
        return new ProbeScore("", 0, 0, probe.Accuracy(fitted.Features, fitted.Labels),
            probe.Accuracy(kept.Features, kept.Labels),
            control.Accuracy(kept.Features, chance.At(test).Labels), (double)counts / kept.Labels.size(0),
            probe is not LogisticProbe { Converged: false });
    }

    private static IProbe Fit(ProbeData data, ProbeSweepOptions options, CancellationToken cancellation) =>
        options.Kind == ProbeKind.Logistic
            ? LogisticProbe.Fit(data.Features, data.Labels, options.Logistic, cancellation)
            : MassMeanProbe.Fit(data.Features, data.Labels, options.Kind == ProbeKind.MassMeanTilted);
}
