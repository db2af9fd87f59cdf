using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Metrics;

/// <summary>Measures a dictionary over any number of batches, in float64, one pass.</summary>
/// <remarks>
/// <code>
/// using var metrics = new DictionaryMetrics(dictionary);
/// foreach (var x in batches) metrics.Add(x);
/// Console.WriteLine(metrics.Report().ExplainedVariance);
/// </code>
/// The explained variance needs the mean of all rows. It is not the mean of the batches' values, and the variance is
/// about that mean: dividing by squares that were not centred (as SAELens 6 and SAEBench 0.6 do) reports a dictionary
/// of large-mean activations as nearly perfect. Means and squared deviations are merged as in Chan, Golub and LeVeque
/// 1979, so that a large mean costs no digits.
/// </remarks>
public sealed class DictionaryMetrics : IDisposable
{
    /// <summary>A feature that fires on a larger share of rows counts as dense.</summary>
    public const double DenseShare = 0.1;

    private readonly SparseCoder dictionary;
    private readonly Tensor fired;
    private readonly long width;
    private Tensor? mean;
    private double deviation;
    private long rows;
    private double active, l1, error, cosine, ratio, square, dot;

    /// <param name="dictionary">What is measured; it stays the caller's.</param>
    public DictionaryMetrics(SparseCoder dictionary)
    {
        this.dictionary = dictionary;
        width = dictionary.OutputShape.Aggregate(1L, (product, size) => product * size);
        fired = torch.zeros([dictionary.DSae], ScalarType.Float64, dictionary.Device).DetachFromDisposeScope();
    }

    /// <summary>Measures rows.</summary>
    /// <param name="input">What the dictionary reads [rows, …].</param>
    /// <param name="target">What it should give; null: the input.</param>
    public void Add(Tensor input, Tensor? target = null)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var features = dictionary.Encode(input);
        Add(features, dictionary.Decode(features, input), target ?? input);
    }

    /// <summary>What was measured so far.</summary>
    /// <exception cref="InvalidOperationException">Nothing was.</exception>
    public DictionaryReport Report()
    {
        if (rows == 0) throw new InvalidOperationException("no activations were measured; call Add first");
        using var scope = torch.NewDisposeScope();
        var densities = (fired / rows).cpu().ToArray<double>();
        return new DictionaryReport(rows, active / rows, l1 / rows, error / rows / width, 1 - error / deviation,
            cosine / rows, ratio / rows,
            square / dot, densities.Count(d => d == 0), densities.Count(d => d > DenseShare), densities);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        fired.Dispose();
        mean?.Dispose();
    }

    private void Add(Tensor features, Tensor output, Tensor target)
    {
        var x = target.to(ScalarType.Float64).flatten(1);
        var y = output.to(ScalarType.Float64).flatten(1);
        var (xx, yy, xy) = (x.square().sum(1), y.square().sum(1), (x * y).sum(1));
        MergeDeviation(x);
        rows += x.size(0);
        fired.add_(features.ne(0).sum([0]).to(ScalarType.Float64));
        active += features.ne(0).sum().ToInt64();
        l1 += features.to(ScalarType.Float64).abs().sum().ToDouble();
        error += (x - y).square().sum().ToDouble();
        cosine += (xy / (xx.sqrt() * yy.sqrt()).clamp_min(1e-30)).sum().ToDouble();
        ratio += (yy.sqrt() / xx.sqrt().clamp_min(1e-30)).sum().ToDouble();
        square += yy.sum().ToDouble();
        dot += xy.sum().ToDouble();
    }

    private void MergeDeviation(Tensor x)
    {
        var own = x.mean(0);
        var inside = (x - own).square().sum().ToDouble();
        if (mean is null)
        {
            mean = own.clone().DetachFromDisposeScope();
            deviation = inside;
            return;
        }

        var (a, b) = ((double)rows, (double)x.size(0));
        var step = own - mean;
        deviation += inside + step.square().sum().ToDouble() * a * b / (a + b);
        mean.add_(step, b / (a + b));
    }
}
