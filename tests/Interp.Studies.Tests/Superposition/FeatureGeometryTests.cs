using Interp.Studies.Superposition;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.Superposition;

public class FeatureGeometryTests
{
    private static readonly double S = 1 / Math.Sqrt(3);

    public static TheoryData<string, double[][], double> Polytopes => new()
    {
        { "dedicated", [[1, 0], [0, 1]], 1 },
        { "antipodal pair", [[1], [-1]], 1.0 / 2 },
        { "triangle", Polygon(3), 2.0 / 3 },
        { "pentagon", Polygon(5), 2.0 / 5 },
        { "tetrahedron", [[S, S, S], [S, -S, -S], [-S, S, -S], [-S, -S, S]], 3.0 / 4 },
        { "square antiprism", Antiprism(), 3.0 / 8 },
    };

    [Theory]
    [MemberData(nameof(Polytopes))]
    public void Exact_polytopes_have_their_fractions(string name, double[][] rows, double fraction)
    {
        using var scope = torch.NewDisposeScope();
        var w = Matrix(rows);
        foreach (var share in FeatureGeometry.Dimensionality(w).ToArray<double>())
            Assert.True(Math.Abs(share - fraction) < 1e-12, $"{name}: {share} is not {fraction}");
        Assert.Equal(fraction, FeatureGeometry.DimensionsPerFeature(w).ToDouble(), 12);
        Assert.Equal(1 / fraction - 1, FeatureGeometry.Interference(w)[0].ToDouble(), 12);
        // A length of its own changes nothing but D*; another instance changes nothing at all.
        var two = torch.stack([w * 3, w]);
        Assert.Equal(fraction, FeatureGeometry.Dimensionality(two)[0, 0].ToDouble(), 12);
        Assert.Equal([2L, rows.Length], FeatureGeometry.Dimensionality(two).shape);
    }

    [Fact]
    public void A_feature_that_is_not_learned_has_no_dimension()
    {
        using var scope = torch.NewDisposeScope();
        Assert.Equal([1.0, 0.0], FeatureGeometry.Dimensionality(Matrix([[2, 0], [0, 0]])).ToArray<double>());
    }

    [Fact]
    public void A_neuron_carries_as_many_features_as_share_it_alike()
    {
        using var scope = torch.NewDisposeScope();
        var w = Matrix([[2, 1, 0, 1], [0, -1, 0, 2], [0, 1, 0, 0]]);
        double[] expected = [1, 3, 0, 25.0 / 17];
        Assert.Equal(expected, FeatureGeometry.FeaturesPerNeuron(w).ToArray<double>().Select(n => Math.Round(n, 12))
            .Zip(expected, (found, exact) => Math.Abs(found - exact) < 1e-11 ? exact : found));
        Assert.Equal([2L, 4L], FeatureGeometry.FeaturesPerNeuron(torch.stack([w, w])).shape);
    }

    [Fact]
    public void Features_longer_than_a_half_are_learned()
    {
        using var scope = torch.NewDisposeScope();
        var w = Matrix([[1, 0], [0.3, 0.3], [0, -0.6], [0, 0]]);
        Assert.Equal([2L, 0L], FeatureGeometry.Learned(torch.stack([w, w * 0.4])).ToArray<long>());
    }

    [Fact]
    public void Pairs_have_the_cosines_of_neighbours()
    {
        using var scope = torch.NewDisposeScope();
        var w = Matrix([[2, 0], [0, 3], [1, 1], [-5, -5], [1, 0], [1, 1]]);
        double[] expected = [0, -1, Math.Sqrt(0.5)];
        Assert.All(FeatureGeometry.PairCosines(torch.stack([w, w])).ToArray<double>().Zip([.. expected, .. expected]),
            pair => Assert.Equal(pair.Second, pair.First, 12));
        var error = Assert.Throws<ArgumentException>(() => FeatureGeometry.PairCosines(Matrix([[1], [2], [3]])));
        Assert.Equal("3 features are no pairs; give an even number", error.Message);
    }

    [Fact]
    public void Two_bases_are_orthogonal_within_and_overlap_across()
    {
        using var scope = torch.NewDisposeScope();
        var (c, s) = (Math.Cos(0.5), Math.Sin(0.5));
        var (within, across) = FeatureGeometry.BlockOverlap(Matrix([[2, 0], [0, 1], [c, s], [-s, c]]), 2);
        Assert.Equal(0, within, 12);
        Assert.Equal(0.5, across, 12);
        Assert.Equal(1, FeatureGeometry.BlockOverlap(Matrix([[1, 0], [1, 0], [0, 1], [0, 2]]), 2).Within, 12);
        Assert.Throws<ArgumentException>(() => FeatureGeometry.BlockOverlap(Matrix([[1], [1], [1]]), 2));
        Assert.Throws<ArgumentException>(() => FeatureGeometry.BlockOverlap(Matrix([[1], [1]]), 2));
    }

    [Fact]
    public void Recovery_is_the_mean_of_the_best_cosines()
    {
        using var scope = torch.NewDisposeScope();
        var truth = Matrix([[1, 0], [0, 5]]);
        Assert.Equal(1, FeatureGeometry.MeanMaxCosine(Matrix([[0, 0.1], [-1, 0], [3, 0]]), truth), 12);
        Assert.Equal((1 + Math.Sqrt(0.5)) / 2, FeatureGeometry.MeanMaxCosine(Matrix([[2, 2], [0, 1], [0, 0]]), truth),
            12);
    }

    private static double[][] Polygon(int corners) =>
        [.. Enumerable.Range(0, corners).Select(k =>
            (double[])[Math.Cos(2 * Math.PI * k / corners), Math.Sin(2 * Math.PI * k / corners)])];

    /// <summary>Two squares, one turned by an eighth, at the height at which the frame is tight: z² = 1/3.</summary>
    private static double[][] Antiprism()
    {
        var (r, z) = (Math.Sqrt(2.0 / 3), Math.Sqrt(1.0 / 3));
        return [.. Enumerable.Range(0, 8).Select(k =>
        {
            var angle = Math.PI / 4 * k; // even ones above, odd ones below
            return (double[])[r * Math.Cos(angle), r * Math.Sin(angle), k % 2 == 0 ? z : -z];
        })];
    }

    private static Tensor Matrix(double[][] rows) =>
        torch.tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);
}
