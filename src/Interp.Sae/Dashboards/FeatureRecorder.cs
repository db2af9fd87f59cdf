namespace Interp.Sae.Dashboards;

/// <summary>Collects what is said about one feature while a text goes by.</summary>
internal sealed class FeatureRecorder
{
    // Intervals are groups of the histogram's bins, so that they merge as these do: 5 to 8 of them up to the maximum.
    private const int Intervals = 8, BinsEach = ActivationHistogram.Side / Intervals;

    private readonly DashboardOptions options;
    private readonly ulong seed;
    private readonly ActivationHistogram histogram = new();
    private readonly Smallest<float, FeatureExample> top;
    private readonly Smallest<ulong, FeatureExample>?[] samples = new Smallest<ulong, FeatureExample>?[Intervals];
    private long fired;
    private double sum;
    private float maximum, minimum;

    internal FeatureRecorder(DashboardOptions options, int feature)
    {
        this.options = options;
        seed = Mix(options.Seed + 0x9E3779B97F4A7C15 * ((ulong)feature + 1));
        top = new Smallest<float, FeatureExample>(options.TopExamples);
    }

    /// <summary>Reads one activation other than zero.</summary>
    internal void Add(float value, SequenceWindow at, int position)
    {
        var doublings = histogram.Add(value);
        if (doublings > 0) Merge(doublings);
        minimum = Math.Min(minimum, value);
        if (value <= 0) return;
        fired++;
        sum += value;
        maximum = Math.Max(maximum, value);
        var key = Mix(seed ^ (((ulong)at.Sequence << 32) + (ulong)position)); // a random order that any pass repeats
        var sample = samples[histogram.Bin(value) / BinsEach] ??= new(options.IntervalExamples);
        if (sample.Wants(key)) sample.Add(key, at.Example(position));
    }

    /// <summary>Reads the strongest place of a sequence.</summary>
    internal void AddPeak(float value, SequenceWindow at, int position)
    {
        if (top.Wants(-value)) top.Add(-value, at.Example(position));
    }

    internal FeatureStatistics Finish(long tokens) => new((double)fired / tokens, maximum, minimum,
        fired == 0 ? 0 : sum / fired, histogram, [.. top.Items], [.. Finished()]);

    private IEnumerable<ActivationInterval> Finished()
    {
        for (var i = Intervals - 1; i >= 0; i--)
        {
            if (samples[i] is not { } sample) continue;
            var count = Enumerable.Range(i * BinsEach, BinsEach).Sum(bin => (long)histogram.Count(bin));
            var width = histogram.Width * BinsEach;
            yield return new ActivationInterval(i * width, (i + 1) * width, count,
                [.. sample.Items.OrderBy(e => e.Sequence).ThenBy(e => e.Position)]);
        }
    }

    private void Merge(int doublings)
    {
        for (var i = 1; i < Intervals; i++)
        {
            var target = doublings >= 31 ? 0 : i >> doublings;
            if (samples[i] is not { } sample || target == i) continue;
            if (samples[target] is { } other) other.Merge(sample);
            else samples[target] = sample;
            samples[i] = null;
        }
    }

    /// <summary>SplitMix64's finalizer (Steele, Lea and Flood 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
