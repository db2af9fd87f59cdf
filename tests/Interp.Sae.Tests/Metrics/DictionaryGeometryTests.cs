using Interp.Sae.Dictionaries;
using Interp.Sae.Metrics;
using Interp.Sae.Tests.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Metrics;

public class DictionaryGeometryTests
{
    [Fact]
    public void Cosines_are_those_of_every_pair_written_out()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(4);
        // More features than are compared at once.
        using var d = new StandardOptions { DIn = 5, DSae = 300 }.Create(generator);
        d["W_enc"].copy_(torch.randn([5, 300], generator: generator));
        d["W_dec"].copy_(torch.randn([300, 5], generator: generator));
        var geometry = DictionaryGeometry.Measure(d);
        var (enc, dec) = (d["W_enc"].t().contiguous().ToArray<float>(), d["W_dec"].ToArray<float>());
        double Cosine(float[] a, int i, float[] b, int j)
        {
            double ab = 0, aa = 0, bb = 0;
            for (var k = 0; k < 5; k++)
            {
                ab += a[i * 5 + k] * (double)b[j * 5 + k];
                aa += a[i * 5 + k] * (double)a[i * 5 + k];
                bb += b[j * 5 + k] * (double)b[j * 5 + k];
            }

            return ab / Math.Sqrt(aa * bb);
        }

        for (var i = 0; i < 300; i += 7)
        {
            var others = Enumerable.Range(0, 300).Where(j => j != i).ToArray();
            Assert.Equal(Cosine(enc, i, dec, i), geometry.EncoderDecoderCosines![i], 1e-5);
            Assert.Equal(others.Max(j => Cosine(dec, i, dec, j)), geometry.NearestDecoderCosines[i], 1e-5);
            Assert.Equal(others.Max(j => Cosine(enc, i, enc, j)), geometry.NearestEncoderCosines[i], 1e-5);
        }

        Assert.Equal(geometry.NearestDecoderCosines.Average(), geometry.NearestDecoderCosine, 12);
        Assert.Equal(300, geometry.NearestDecoderCosines.Count);
    }

    [Fact]
    public void Widths_that_differ_have_no_cosine_and_dead_directions_have_none_with_anything()
    {
        using var scope = torch.NewDisposeScope();
        using var transcoder = Kinds.Create("transcoder");
        Assert.Null(DictionaryGeometry.Measure(transcoder).EncoderDecoderCosine);
        using var cross = Kinds.Create("crosscoder");
        Assert.Equal(16, DictionaryGeometry.Measure(cross).EncoderDecoderCosines!.Count);
        using var d = Kinds.Create("standard");
        d["W_dec"][3].zero_();
        var geometry = DictionaryGeometry.Measure(d);
        Assert.Equal((0, 0), (geometry.EncoderDecoderCosines![3], geometry.NearestDecoderCosines[3]));
    }

    [Fact]
    public void Densities_fall_into_bins_of_equal_width_in_their_logarithm()
    {
        var histogram = DensityHistogram.Of([0, 0, 1, 0.5, 0.1, 0.09, 0.0101, 0.01, 0.003]);
        Assert.Equal([-3, -2.5, -2, -1.5, -1, -0.5, 0], histogram.Edges);
        // 0.003 | – | 0.01, 0.0101 | 0.09 | 0.1 | 0.5, 1
        Assert.Equal([1, 0, 2, 1, 1, 2], histogram.Counts);
        Assert.Equal(2, histogram.Dead);
    }

    [Fact]
    public void Bins_cover_every_feature_that_is_alive()
    {
        var histogram = DensityHistogram.Of([0.2, 1, 1e-6], binsPerDecade: 1);
        Assert.Equal([-6, -5, -4, -3, -2, -1, 0], histogram.Edges);
        Assert.Equal([1, 0, 0, 0, 0, 2], histogram.Counts);
        Assert.Equal(4, DensityHistogram.Of([0, 0, 0, 0]).Dead);
        Assert.Throws<ArgumentException>(() => DensityHistogram.Of([1], 0));
    }
}
