using Interp.Models;
using Interp.Sae.Activations;
using Interp.Sae.Dashboards;
using Interp.Sae.Dictionaries;
using Interp.Sae.Tests.Activations;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dashboards;

public class FeatureDashboardTests
{
    private const string Hook = "blocks.1.hook_resid_pre";
    private const int Features = 40;

    private static readonly DashboardOptions Options = new()
    {
        TopExamples = 5,
        IntervalExamples = 2,
        Before = 3,
        After = 2,
        Logits = 4,
        Related = 3,
        SkipPositions = 1,
    };

    private static SparseCoder Dictionary()
    {
        using var generator = new Generator(4);
        using var scope = torch.NewDisposeScope();
        var dictionary = new TopKOptions { DIn = 24, DSae = Features, K = 5 }.Create(generator);
        dictionary["b_enc"].copy_(torch.randn([Features], generator: generator) * 0.3);
        return dictionary;
    }

    /// <summary>The activations of all sequences, in one piece [sequence][position][feature].</summary>
    private static float[][][] All(HookedTransformer model, TokenSequences sequences, Func<Tensor, Tensor> features,
        string hook)
    {
        using var scope = torch.NewDisposeScope();
        var tokens = sequences.Rows([.. Enumerable.Range(0, sequences.Count).Select(i => (long)i)]);
        using var cache = model.CacheOnly(tokens, [hook]);
        var value = features(cache[hook]);
        return [.. Enumerable.Range(0, sequences.Count).Select(s => Enumerable.Range(0, sequences.Length).Select(p =>
            value[s, p].ToArray<float>()).ToArray())];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Statistics_and_examples_are_those_of_brute_force_whatever_the_batches(int batch)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var dictionary = Dictionary();
        var sequences = Sources.Sequences(model);
        var all = All(model, sequences, dictionary.Encode, Hook);
        var ids = sequences.Rows([.. Enumerable.Range(0, sequences.Count).Select(i => (long)i)]).ToArray<long>();
        var dashboard = FeatureDashboard.Measure(model, FeatureSource.Of(dictionary, Hook), sequences.Batches(batch),
            Options);
        Assert.Equal(sequences.Count * 9, dashboard.Tokens);
        Assert.Equal(Features, dashboard.Features.Count);
        foreach (var entry in dashboard.Features)
        {
            var places = (from s in Enumerable.Range(0, sequences.Count)
                          from p in Enumerable.Range(1, 9)
                          where all[s][p][entry.Index] > 0
                          select (Value: all[s][p][entry.Index], Sequence: s, Position: p)).ToArray();
            var own = entry.Statistics;
            Assert.Equal((double)places.Length / dashboard.Tokens, own.Density, 12);
            if (places.Length == 0) continue;
            Assert.Equal(places.Max(place => place.Value), own.Maximum, 1e-4);
            Assert.Equal(places.Average(place => place.Value), own.Mean, 1e-4);
            var strongest = places.GroupBy(place => place.Sequence).Select(group => group.MaxBy(place => place.Value))
                .OrderByDescending(place => place.Value).ToArray();
            // Equal beginnings of sequences have equal values up to rounding: compare these, not the places.
            Assert.Equal(Math.Min(5, strongest.Length), own.Top.Select(example => example.Sequence).Distinct().Count());
            foreach (var (expected, example) in strongest.Zip(own.Top))
            {
                Assert.Equal(expected.Value, example.Value, 1e-4);
                Assert.Equal(strongest.Single(place => place.Sequence == example.Sequence).Value, example.Value, 1e-4);
            }

            foreach (var example in own.Top.Concat(own.Intervals.SelectMany(interval => interval.Examples)))
                CheckWindow(example, all, ids, entry.Index);
            foreach (var interval in own.Intervals)
            {
                var inside = places.Where(place => place.Value >= interval.Low && place.Value < interval.High).ToArray();
                Assert.Equal(inside.Length, interval.Count);
                Assert.Equal(Math.Min(2, inside.Length), interval.Examples.Count);
                Assert.All(interval.Examples, e => Assert.Contains((e.Sequence, e.Position),
                    inside.Select(place => (place.Sequence, place.Position))));
            }

            Assert.Equal(places.Length, own.Intervals.Sum(interval => interval.Count));
            Assert.InRange(own.Maximum / own.Histogram.Width, 32, 64);
            for (var bin = 0; bin < ActivationHistogram.Side; bin++)
                Assert.Equal(places.Count(place => (int)(place.Value / own.Histogram.Width) == bin),
                    own.Histogram.Count(bin));
        }
    }

    private static void CheckWindow(FeatureExample example, float[][][] all, long[] ids, int feature)
    {
        var first = Math.Max(0, example.Position - 3);
        Assert.Equal(example.Position - first, example.Peak);
        Assert.Equal(Math.Min(9, example.Position + 2) - first + 1, example.Tokens.Count);
        for (var i = 0; i < example.Tokens.Count; i++)
        {
            Assert.Equal(ids[example.Sequence * 10 + first + i], example.Tokens[i]);
            Assert.Equal(first + i == 0 ? 0 : all[example.Sequence][first + i][feature], example.Values[i], 1e-4);
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_examples_whatever_the_batches_and_another_seed_others()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var dictionary = Dictionary();
        var sequences = Sources.Sequences(model);
        (int, int)[] Drawn(int batch, ulong seed) => [.. FeatureDashboard.Measure(model,
                FeatureSource.Of(dictionary, Hook), sequences.Batches(batch), Options with { Seed = seed })
            .Features.SelectMany(f => f.Statistics.Intervals.SelectMany(i => i.Examples))
            .Select(e => (e.Sequence, e.Position))];
        Assert.Equal(Drawn(3, 0), Drawn(16, 0));
        Assert.NotEqual(Drawn(3, 0), Drawn(3, 1));
    }

    [Fact]
    public void Raw_and_processed_weights_give_the_same_logit_lens_which_is_the_decoder_times_the_unembedding()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        model.Weights.LnFinal!.Weight!.copy_(torch.linspace(0.5, 1.5, 24));
        using var processed = model.Process();
        using var dictionary = Dictionary();
        var tokens = Sources.Sequences(model, 40).Batches(4).ToArray();
        var raw = FeatureDashboard.Measure(model, FeatureSource.Of(dictionary, Hook), tokens, Options).Features;
        var clean = FeatureDashboard.Measure(processed, FeatureSource.Of(dictionary, Hook), tokens, Options).Features;
        var expected = (dictionary["W_dec"] / dictionary.DecoderNorms().unsqueeze(1)).MatMul(processed.W_U);
        for (var f = 0; f < Features; f++)
        {
            var (values, indices) = expected[f].topk(4);
            Assert.Equal(indices.ToArray<long>(), raw[f].Logits!.Promoted.Select(t => (long)t.Token));
            Assert.Equal(indices.ToArray<long>(), clean[f].Logits!.Promoted.Select(t => (long)t.Token));
            foreach (var (value, token) in values.ToArray<float>().Zip(raw[f].Logits!.Promoted))
                Assert.Equal(value, token.Value, 1e-4);
            var (_, lowest) = expected[f].topk(4, -1, false);
            Assert.Equal(lowest.ToArray<long>(), raw[f].Logits!.Suppressed.Select(t => (long)t.Token));
            var all = expected[f].ToArray<float>();
            Assert.Equal(all.Min(), raw[f].Logits!.Low, 1e-4);
            Assert.Equal(all.Length, raw[f].Logits!.Histogram.Sum());
            Assert.True(raw[f].Logits!.Histogram[0] > 0 && raw[f].Logits!.Histogram[^1] > 0);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Correlations_are_those_of_the_definition(bool dense)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(2);
        var x = torch.randn([3, 50, 12], generator: generator).relu();
        x.select(2, 4).fill_(0);
        x.select(2, 7).copy_(x.select(2, 2) * 2 + x.select(2, 3) * 0.1);
        var correlations = new FeatureCorrelations(12, dense);
        for (var i = 0; i < 3; i++) correlations.Add(x[i].unsqueeze(0));
        var strongest = correlations.Strongest(3);
        var expected = x.flatten(0, 1).t().to(ScalarType.Float64).corrcoef();
        Assert.Empty(strongest[4]);
        Assert.Equal(2, strongest[7][0].Index);
        for (var f = 0; f < 12; f++)
        {
            if (f == 4) continue;
            var row = expected[f].ToArray<double>();
            var order = Enumerable.Range(0, 12).Where(g => g != f && row[g] > 0).OrderByDescending(g => row[g]).Take(3);
            Assert.Equal(order, strongest[f].Select(item => item.Index));
            Assert.All(strongest[f], item => Assert.Equal(row[item.Index], item.Value, 9));
        }
    }

    [Fact]
    public void Related_features_and_neurons_are_the_nearest_by_cosine()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var generator = new Generator(4);
        const string hook = "blocks.0.mlp.hook_post";
        using var dictionary = new TopKOptions { DIn = 40, DSae = 60, K = 4 }.Create(generator);
        var entries = FeatureDashboard.Measure(model, FeatureSource.Of(dictionary, hook),
            Sources.Sequences(model, 40).Batches(4), Options).Features;
        var rows = dictionary["W_dec"] / dictionary.DecoderNorms().unsqueeze(1);
        var cosines = rows.MatMul(rows.t());
        for (var f = 0; f < 60; f++)
        {
            var row = cosines[f].ToArray<float>();
            var order = Enumerable.Range(0, 60).Where(g => g != f).OrderByDescending(g => row[g]).Take(3).ToArray();
            Assert.Equal(order, entries[f].Similar.Select(item => item.Index));
            Assert.Equal(row[order[0]], entries[f].Similar[0].Value, 4);
            var direction = rows[f].ToArray<float>();
            var neurons = Enumerable.Range(0, 40).OrderByDescending(n => Math.Abs(direction[n])).Take(3).ToArray();
            Assert.Equal(neurons, entries[f].Neurons.Select(item => item.Index));
            Assert.Equal(direction[neurons[0]], entries[f].Neurons[0].Value, 4);
        }

        // A direction of an MLP's neurons writes through the MLP's second matrix.
        var (_, promoted) = LogitEffects.Logits(model, rows[3].MatMul(model.W_out(0))).topk(4);
        Assert.Equal(promoted.ToArray<long>(), entries[3].Logits!.Promoted.Select(t => (long)t.Token));
    }

    [Theory]
    [InlineData("blocks.1.mlp.hook_post", 40)]
    [InlineData("blocks.1.mlp.hook_pre", 40)]
    [InlineData("blocks.0.attn.hook_z", 24)]
    [InlineData("blocks.0.hook_resid_post", 24)]
    public void Neurons_are_looked_at_in_the_same_way(string hook, int width)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        var sequences = Sources.Sequences(model);
        var source = FeatureSource.Neurons(model, hook);
        Assert.Equal(width, source.Count);
        var dashboard = FeatureDashboard.Measure(model, source, sequences.Batches(8), Options);
        var all = All(model, sequences, value => value.flatten(2, -1), hook);
        foreach (var entry in dashboard.Features)
        {
            var values = all.SelectMany(sequence => sequence.Skip(1)).Select(row => row[entry.Index]).ToArray();
            Assert.Equal(values.Max(), entry.Statistics.Maximum, 1e-4);
            Assert.Equal(Math.Min(0, values.Min()), entry.Statistics.Minimum, 1e-4);
            Assert.Equal(values.Count(v => v > 0) / (double)values.Length, entry.Statistics.Density, 12);
            Assert.Equal(values.Max(), entry.Statistics.Top[0].Value, 1e-4);
            var counted = Enumerable.Range(-ActivationHistogram.Side, 2 * ActivationHistogram.Side)
                .Sum(entry.Statistics.Histogram.Count);
            Assert.Equal(values.Count(v => v != 0), counted);
        }

        var direction = hook switch
        {
            "blocks.0.attn.hook_z" => model.W_O(0).flatten(0, 1)[5],
            "blocks.0.hook_resid_post" => torch.eye(24)[5],
            _ => model.W_out(1)[5],
        };
        var (_, promoted) = LogitEffects.Logits(model, direction).topk(4);
        Assert.Equal(promoted.ToArray<long>(), dashboard.Features[5].Logits!.Promoted.Select(t => (long)t.Token));
    }

    [Fact]
    public void Chosen_features_are_the_same_as_among_all()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var dictionary = Dictionary();
        var sequences = Sources.Sequences(model);
        var source = FeatureSource.Of(dictionary, Hook);
        var all = FeatureDashboard.Measure(model, source, sequences.Batches(8), Options).Features;
        var some = FeatureDashboard.Measure(model, source, sequences.Batches(8), Options with { Features = [31, 2] })
            .Features;
        Assert.Equal([31, 2], some.Select(entry => entry.Index));
        foreach (var entry in some)
        {
            Assert.Equal(all[entry.Index].Similar.Select(item => item.Index), entry.Similar.Select(item => item.Index));
            Assert.Equal(all[entry.Index].Logits!.Promoted.Select(t => t.Token),
                entry.Logits!.Promoted.Select(t => t.Token));
            Assert.Equal(all[entry.Index].Statistics.Top.Select(e => (e.Sequence, e.Position)),
                entry.Statistics.Top.Select(e => (e.Sequence, e.Position)));
            Assert.Equal(all[entry.Index].Statistics.Intervals.SelectMany(i => i.Examples).Select(e => e.Position),
                entry.Statistics.Intervals.SelectMany(i => i.Examples).Select(e => e.Position));
        }
    }

    [Fact]
    public void What_does_not_fit_is_one_clear_error()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var dictionary = Dictionary();
        var tokens = Sources.Sequences(model, 40).Batches(4).ToArray();
        string Error(FeatureSource source, DashboardOptions options) => Assert.Throws<ArgumentException>(() =>
            FeatureDashboard.Measure(model, source, tokens, options)).Message;
        Assert.Contains("40 wide; the dictionary reads 24",
            Error(FeatureSource.Of(dictionary, "blocks.0.mlp.hook_post"), Options));
        var fits = FeatureSource.Of(dictionary, Hook);
        Assert.Contains("no feature 40", Error(fits, Options with { Features = [0, 40] }));
        Assert.Contains("Before is -1", Error(fits, Options with { Before = -1 }));
        dictionary["W_enc"][0, 7].fill_(double.NaN);
        dictionary["b_enc"][7].fill_(double.PositiveInfinity);
        Assert.Contains("sequence 0", Error(fits, Options));
        Assert.Throws<InvalidOperationException>(() => FeatureDashboard.Measure(model, fits, [], Options));
    }
}
