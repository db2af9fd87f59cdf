using Interp.Circuits.Probes;
using Interp.Hooks;
using Interp.Interventions;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Probes;

public sealed class ProbeSweepTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_token_is_read_where_it_stands_and_where_attention_brings_it_and_not_before()
    {
        using var model = SampleModels.Create("gpt2");
        var (tokens, labels) = Texts(model, place: 3);
        var scores = ProbeSweep.Run(model, tokens, labels,
            new ProbeSweepOptions { Seed = 1, Logistic = new() { L2 = 1e-3 } });
        Assert.Equal(2 * 7, scores.Count);
        Assert.Equal(scores.OrderBy(s => (s.Layer, s.Position)), scores);
        foreach (var score in scores)
        {
            Assert.True(score.Converged);
            Assert.InRange(score.Shuffled, 0.2, 0.8);
            Assert.Equal(0.5, score.Majority);
            if (score.Position < 3) Assert.InRange(score.Test, 0.2, 0.8);
            if (score.Position == 3) Assert.Equal(1, score.Test);
        }
    }

    [Theory, InlineData(ProbeKind.Logistic), InlineData(ProbeKind.MassMean), InlineData(ProbeKind.MassMeanTilted)]
    public void Every_kind_of_probe_reads_the_embedding_and_batches_do_not_matter(ProbeKind kind)
    {
        using var model = SampleModels.Create("llama");
        var (tokens, labels) = Texts(model, place: 6);
        var options = new ProbeSweepOptions { Hook = "hook_embed", Positions = ^1, Kind = kind };
        var score = Assert.Single(ProbeSweep.Run(model, tokens, labels, options));
        Assert.Equal((6, 1.0), (score.Position, score.Test));
        Assert.Equal(score, Assert.Single(ProbeSweep.Run(model, tokens, labels, options with { BatchSize = 7 })));
        Assert.NotEqual(score.Shuffled, ProbeSweep.Run(model, tokens, labels, options with { Seed = 5 })[0].Shuffled);
    }

    [Fact]
    public void Heads_are_read_too_and_progress_is_told()
    {
        using var model = SampleModels.Create("gpt2");
        var (tokens, labels) = Texts(model, place: 6);
        var told = new List<(int Done, int Total)>();
        var scores = ProbeSweep.Run(model, tokens, labels,
            new ProbeSweepOptions { Hook = "blocks.*.attn.hook_z", Positions = 5..7 }, new Told(told));
        Assert.Equal([(1, 4), (2, 4), (3, 4), (4, 4)], told);
        Assert.Equal([("blocks.0.attn.hook_z", 5), ("blocks.0.attn.hook_z", 6), ("blocks.1.attn.hook_z", 5),
            ("blocks.1.attn.hook_z", 6)],
            scores.Select(s => (s.Hook, s.Position)));
        var error = Assert.Throws<ArgumentException>(() =>
            ProbeSweep.Run(model, tokens, labels, new ProbeSweepOptions { Hook = "pattern0" }));
        Assert.Contains("every text and position", error.Message);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            ProbeSweep.Run(model, tokens, labels, cancellation: cancelled.Token));
    }

    [Fact]
    public void A_steering_vector_is_the_difference_of_means_and_moves_the_model_there()
    {
        using var model = SampleModels.Create("gpt2");
        var (tokens, labels) = Texts(model, place: 6);
        var (positive, negative) = (tokens[labels.eq(1)], tokens[labels.eq(0)]);
        using var vector = SteeringVector.Between(model, "resid_post0", positive, negative, position: ^1);
        var (_, cache) = model.RunWithCache(tokens);
        var last = cache["resid_post", 0][.., ^1];
        var expected = last[labels.eq(1)].mean([0]) - last[labels.eq(0)].mean([0]);
        Assert.True(expected.allclose(vector.Direction, 1e-5, 1e-5));
        Assert.Equal("blocks.0.hook_resid_post", vector.Hook);
        Assert.Equal(expected.norm().ToSingle(), vector.Norm, 3);
        Assert.True(vector.Separation > 1, $"{vector.Separation}");
        // Added once at the last position it turns texts of one side into what a probe calls the other.
        using var probe = MassMeanProbe.Fit(last, labels);
        var place = new InterventionScope { Positions = [-1] };
        var (_, steered) = model.RunWithCache(negative, [vector.Intervention(1, place)], "resid_post0");
        Assert.True(probe.Accuracy(steered["resid_post", 0][.., ^1],
            torch.ones([negative.size(0)], ScalarType.Int64)) > 0.9);
        Assert.Contains("one vector a position", Assert.Throws<ArgumentException>(
            () => SteeringVector.Between(model, "z0", positive, negative)).Message);
    }

    /// <summary>Random texts with one of two tokens at a place; the label says which.</summary>
    private static (Tensor Tokens, Tensor Labels) Texts(HookedTransformer model, int place)
    {
        var tokens = SampleModels.Tokens(model, batch: 160, seed: 3);
        var labels = torch.arange(160) % 2;
        tokens[.., place] = labels * 7 + 4;
        return (tokens, labels);
    }

    private sealed class Told(List<(int, int)> told) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => told.Add(value);
    }
}
