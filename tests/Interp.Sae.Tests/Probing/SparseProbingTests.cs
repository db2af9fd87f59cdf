using Interp.Sae.Dictionaries;
using Interp.Sae.Probing;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Probing;

public class SparseProbingTests
{
    private const int Width = 8;

    /// <summary>A dictionary whose features are the rows of a rotation, and a rotation of no axis to itself.</summary>
    private static (SparseCoder Dictionary, Tensor Directions) Rotated()
    {
        using var generator = new Generator(3);
        var (directions, _) = torch.linalg.qr(torch.randn([Width, Width], generator: generator));
        var d = new StandardOptions { DIn = Width, DSae = Width, ApplyBDecToInput = false }.Create(generator);
        d["W_enc"].copy_(directions.t());
        d["W_dec"].copy_(directions);
        return (d, directions);
    }

    /// <summary>Rows that are one direction each, in turn among the given ones, of changing lengths.</summary>
    private static LabelledActivations Rows(Tensor directions, int[] which, Func<int, bool> label, int count,
        double shortest)
    {
        var rows = Enumerable.Range(0, count).Select(i =>
            directions[which[i % which.Length]] * (shortest + i % 5)).ToArray();
        return new LabelledActivations(torch.stack(rows, 0),
            [.. Enumerable.Range(0, count).Select(i => label(which[i % which.Length]))]);
    }

    [Fact]
    public void One_feature_tells_what_is_one_feature_and_single_neurons_do_not()
    {
        using var scope = torch.NewDisposeScope();
        var (d, directions) = Rotated();
        using (d)
        {
            int[] all = [0, 1, 2, 3, 4, 5, 6, 7, 3, 3, 3, 3, 3, 3];
            var train = Rows(directions, all, i => i == 3, 140, 1);
            var test = Rows(directions, all, i => i == 3, 70, 1.5);
            var probes = SparseProbing.Measure(d, train, test);
            Assert.Equal([1, 2, 5], probes.Select(probe => probe.K));
            Assert.Equal([3], probes[0].Features);
            Assert.Equal(1, probes[0].Scores.Accuracy);
            Assert.InRange(probes[0].Neurons.Accuracy, 0.4, 0.98);
            Assert.Equal(5, probes[2].Features.Distinct().Count());
        }
    }

    [Fact]
    public void What_was_split_into_two_features_needs_two()
    {
        using var scope = torch.NewDisposeScope();
        var (d, directions) = Rotated();
        using (d)
        {
            // A quarter of the rows each: features 1 and 2 are the label, 5 and 6 are not.
            var train = Rows(directions, [1, 2, 5, 6], i => i < 3, 200, 1);
            var test = Rows(directions, [1, 2, 5, 6], i => i < 3, 40, 1.5);
            var probes = SparseProbing.Measure(d, train, test, new SparseProbingOptions { Ks = [1, 2] });
            Assert.Equal(0.75, probes[0].Scores.Accuracy, 12);
            // All four tell as much; two of one side, or one of each, are not all right.
            var four = SparseProbing.Measure(d, train, test, new SparseProbingOptions { Ks = [4] })[0];
            Assert.Equal([1, 2, 5, 6], four.Features.Order());
            Assert.Equal(1, four.Scores.Accuracy);
        }
    }

    [Fact]
    public void Features_are_ranked_by_the_difference_of_their_means()
    {
        using var scope = torch.NewDisposeScope();
        var (d, directions) = Rotated();
        using (d)
        {
            // Feature 4 is on for the false rows, and stronger: it comes first. Features that are the same on both sides
            // tell nothing, however strong.
            var same = directions[7] * 50;
            Tensor Row(int i) => (i % 2 == 0 ? directions[2] * 3 : directions[4] * 5) + same;
            var data = new LabelledActivations(torch.stack([.. Enumerable.Range(0, 20).Select(Row)], 0),
                [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0)]);
            var probes = SparseProbing.Measure(d, data, data, new SparseProbingOptions { Ks = [2] });
            Assert.Equal([4, 2], probes[0].Features);
            var difference = FeatureSelection.MeanDifference(d, data);
            Assert.Equal(3, difference[2].ToDouble(), 1e-4);
            Assert.Equal(-5, difference[4].ToDouble(), 1e-4);
            Assert.Equal(0, difference[7].ToDouble(), 1e-4);
        }
    }

    [Fact]
    public void More_rows_than_are_encoded_at_once_give_the_same_means()
    {
        using var scope = torch.NewDisposeScope();
        var (d, directions) = Rotated();
        using (d)
        {
            var data = Rows(directions, [1, 2, 3], i => i == 1, 1300, 0.5);
            var features = d.Encode(data.Rows).to(ScalarType.Float64);
            var positive = torch.tensor([.. data.Labels], [1300]);
            var expected = features[positive].mean([0]) - features[positive.logical_not()].mean([0]);
            Dictionaries.Kinds.Close(expected, FeatureSelection.MeanDifference(d, data), 1e-6);
            Dictionaries.Kinds.Close(features.index_select(1, torch.tensor([2L, 1L])),
                FeatureSelection.Columns(d, data.Rows, torch.tensor([2L, 1L])), 1e-6);
        }
    }

    [Fact]
    public void What_does_not_fit_is_an_error()
    {
        using var scope = torch.NewDisposeScope();
        var (d, directions) = Rotated();
        using (d)
        {
            var data = Rows(directions, [1, 2], i => i == 1, 10, 1);
            string Error(Action act) => Assert.Throws<ArgumentException>(act).Message;
            Assert.Contains("[10, 8]", Error(() =>
                SparseProbing.Measure(d, data with { Rows = torch.ones([10, 3]) }, data)));
            Assert.Contains("k 9", Error(() =>
                SparseProbing.Measure(d, data, data, new SparseProbingOptions { Ks = [9] })));
            Assert.Contains("test", Error(() => SparseProbing.Measure(d, data,
                data with { Labels = [.. Enumerable.Repeat(true, 10)] })));
        }
    }
}
