using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dashboards;

/// <summary>Pearson's correlation of all pairs of features over a text, in one pass.</summary>
/// <remarks>
/// <code>
/// r_ij = (E fᵢfⱼ − E fᵢ E fⱼ) / (σᵢ σⱼ)
/// </code>
/// Only tokens on which both features are on add to E fᵢfⱼ, so that with L0 features on a token costs L0² / 2 additions
/// and not the n² / 2 of a product of matrices; neurons, of which most are on, take that product. The upper triangle is
/// held, in float64.
/// </remarks>
public sealed class FeatureCorrelations
{
    private readonly int features;
    private readonly bool dense;
    private readonly double[] products; // pairs i < j, row by row
    private readonly double[] sums, squares;
    private readonly int[] on;
    private long rows;

    /// <param name="features">The number of features.</param>
    /// <param name="dense">Whether most of them are on at a time, as neurons are.</param>
    public FeatureCorrelations(int features, bool dense)
    {
        (this.features, this.dense) = (features, dense);
        products = new double[(long)features * (features - 1) / 2];
        (sums, squares, on) = (new double[features], new double[features], new int[features]);
    }

    /// <summary>Reads activations.</summary>
    /// <param name="activations">[…, features]</param>
    public void Add(Tensor activations)
    {
        using var scope = torch.NewDisposeScope();
        var flat = activations.flatten(0, -2);
        if (dense) AddDense(flat.to(ScalarType.Float64));
        else AddSparse(flat.to(ScalarType.Float32).cpu().contiguous().ToArray<float>());
        rows += flat.size(0);
    }

    /// <summary>The features that are correlated most with each, the most first; those that never change have
    /// none.</summary>
    /// <param name="count">How many, of positive correlation.</param>
    public IReadOnlyList<IReadOnlyList<RelatedItem>> Strongest(int count)
    {
        var deviation = new double[features];
        for (var i = 0; i < features; i++)
            deviation[i] = Math.Sqrt(Math.Max(0, squares[i] / rows - sums[i] / rows * (sums[i] / rows)));
        var strongest = Enumerable.Range(0, features).Select(_ => new Smallest<double, RelatedItem>(count)).ToArray();
        for (var i = 0; i < features; i++)
        {
            var start = Start(i);
            for (var j = i + 1; j < features; j++)
            {
                var scale = deviation[i] * deviation[j];
                if (scale == 0) continue;
                var r = (products[start + j] / rows - sums[i] / rows * (sums[j] / rows)) / scale;
                if (r <= 0) continue;
                if (strongest[i].Wants(-r)) strongest[i].Add(-r, new RelatedItem(j, r));
                if (strongest[j].Wants(-r)) strongest[j].Add(-r, new RelatedItem(i, r));
            }
        }

        return [.. strongest.Select(each => each.Items.ToArray())];
    }

    /// <summary>Where the pair (i, j) would lie for j = 0.</summary>
    private long Start(long i) => i * (2 * features - i - 1) / 2 - i - 1;

    private void AddSparse(float[] values)
    {
        for (var row = 0; row < values.Length; row += features)
        {
            var all = values.AsSpan(row, features);
            var count = 0;
            for (int feature = -1, step; (step = all[(feature + 1)..].IndexOfAnyExcept(0f)) >= 0;)
                on[count++] = feature += step + 1;
            for (var a = 0; a < count; a++)
            {
                var (i, value) = (on[a], (double)all[on[a]]);
                sums[i] += value;
                squares[i] += value * value;
                var start = Start(i);
                for (var b = a + 1; b < count; b++) products[start + on[b]] += value * all[on[b]];
            }
        }
    }

    private void AddDense(Tensor x)
    {
        var product = x.t().MatMul(x).cpu().contiguous().ToArray<double>();
        var sum = x.sum([0]).cpu().ToArray<double>();
        for (var i = 0; i < features; i++)
        {
            sums[i] += sum[i];
            squares[i] += product[i * features + i];
            var start = Start(i);
            for (var j = i + 1; j < features; j++) products[start + j] += product[i * features + j];
        }
    }
}
