using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dashboards;

/// <summary>Collects statistics and examples of features over a text, in one pass.</summary>
/// <remarks>
/// <code>
/// var collector = new FeatureCollector(features: 512, new DashboardOptions());
/// foreach (var tokens in batches) collector.Add(tokens, Activations(tokens));   // [batch, pos], [batch, pos, 512]
/// var first = collector.Finish()[0];
/// </code>
/// What is kept does not grow with the text: a histogram and the chosen examples of each feature. Everything is exact:
/// the strongest examples are the strongest of the text, and the random ones have the same chance whatever their order
/// (the least of a hash of feature and place, a reservoir that can be merged).
/// </remarks>
public sealed class FeatureCollector
{
    private readonly DashboardOptions options;
    private readonly FeatureRecorder[] recorders;
    private readonly float[] peak;
    private readonly int[] peakAt;
    private readonly List<int> touched = [];
    private readonly int skip;
    private int sequences;

    /// <param name="features">The number of features.</param>
    /// <param name="options">Which examples, and how much around them.</param>
    public FeatureCollector(int features, DashboardOptions? options = null)
    {
        this.options = options ?? new DashboardOptions();
        this.options.Validate(int.MaxValue);
        skip = this.options.SkipPositions;
        recorders = [.. Enumerable.Range(0, features).Select(f => new FeatureRecorder(this.options,
            this.options.Features?[f] ?? f))];
        (peak, peakAt) = (new float[features], new int[features]);
    }

    /// <summary>Tokens that were read, those that are skipped left out.</summary>
    public long Tokens { get; private set; }

    /// <summary>Reads sequences.</summary>
    /// <param name="tokens">Integers [batch, pos].</param>
    /// <param name="activations">[batch, pos, features]; positions that are skipped left out.</param>
    /// <exception cref="ArgumentException">The shapes do not belong together, or an activation is not finite.</exception>
    public void Add(Tensor tokens, Tensor activations)
    {
        var (batch, pos) = (tokens.size(0), tokens.size(1));
        long[] expected = [batch, pos - skip, recorders.Length];
        if (!activations.shape.AsSpan().SequenceEqual(expected))
            throw new ArgumentException($"features: the activations are [{string.Join(", ", activations.shape)}] and the "
                + $"tokens [{batch}, {pos}]; needed are [{string.Join(", ", expected)}]");
        using var scope = torch.NewDisposeScope();
        var ids = Array.ConvertAll(tokens.to(ScalarType.Int64).cpu().contiguous().ToArray<long>(), id => (int)id);
        var values = activations.to(ScalarType.Float32).cpu().contiguous().ToArray<float>();
        for (var row = 0; row < batch; row++)
            AddSequence(ids[(int)(row * pos)..(int)((row + 1) * pos)], values, (int)(row * (pos - skip)), (int)pos - skip);
        Tokens += batch * (pos - skip);
    }

    /// <summary>What was collected, a feature each.</summary>
    /// <exception cref="InvalidOperationException">Nothing was read.</exception>
    public IReadOnlyList<FeatureStatistics> Finish() => Tokens > 0
        ? [.. recorders.Select(recorder => recorder.Finish(Tokens))]
        : throw new InvalidOperationException("no tokens were read; call Add first");

    private void AddSequence(int[] tokens, float[] values, int firstRow, int rows)
    {
        var width = recorders.Length;
        SequenceWindow Window(int feature) => new(sequences, tokens, values, firstRow * width + feature, width,
            skip, options.Before, options.After);
        for (var row = 0; row < rows; row++)
        {
            var all = values.AsSpan((firstRow + row) * width, width);
            // Nearly all are zero: the search for the next other one is what takes the time, and is vectorized.
            for (int feature = -1, step; (step = all[(feature + 1)..].IndexOfAnyExcept(0f)) >= 0;)
            {
                feature += step + 1;
                var value = all[feature];
                if (!float.IsFinite(value))
                    throw new ArgumentException($"features: the activation of feature {options.Features?[feature] ?? feature} "
                        + $"is {value} in sequence {sequences} at position {row + skip}");
                recorders[feature].Add(value, Window(feature), row + skip);
                if (value <= peak[feature]) continue;
                if (peak[feature] == 0) touched.Add(feature);
                (peak[feature], peakAt[feature]) = (value, row + skip);
            }
        }

        foreach (var feature in touched)
        {
            recorders[feature].AddPeak(peak[feature], Window(feature), peakAt[feature]);
            peak[feature] = 0;
        }

        touched.Clear();
        sequences++;
    }
}
