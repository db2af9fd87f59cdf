using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Models;

public sealed class HookedTransformerTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public static TheoryData<string> Models => SampleModels.Names;

    public void Dispose() => scope.Dispose();

    [Theory, MemberData(nameof(Models))]
    public void The_forward_pass_equals_the_plain_transformer(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model);
        var plain = new PlainTransformer(model, (_, x) => x).Forward(tokens);
        Close(plain, model.Forward(tokens));
    }

    [Theory, MemberData(nameof(Models))]
    public void Every_point_fires_exactly_once_with_its_stated_shape(string name)
    {
        using var model = SampleModels.Create(name);
        var fired = new Dictionary<string, long[]>();
        var hooks = model.Hooks.Points
            .Select(p => new Hook(p.Name, (value, hook) => { fired.Add(hook.Name, value.shape); return null; })).ToArray();
        // A norm's hooks and those of split inputs edit the same stream and are not combined.
        foreach (var group in hooks.GroupBy(h => h.Name.EndsWith("_input") || h.Name.EndsWith("attn_in")))
            model.RunWithHooks(SampleModels.Tokens(model, 2, 7), [.. group]);
        var c = model.Config;
        var sizes = new Dictionary<string, long>
        {
            ["batch"] = 2,
            ["pos"] = 7,
            ["query"] = 7,
            ["key"] = 7,
            ["d_model"] = c.DModel,
            ["head"] = c.NHeads,
            ["kv_head"] = c.KeyValueHeads,
            ["token"] = 14,
            ["expert"] = c.NumExperts ?? 0,
            ["k"] = c.ExpertsPerToken ?? 0,
            ["d_head"] = c.DHead,
            ["d_mlp"] = c.DMlp,
            ["d_vocab_out"] = c.OutputSize,
            ["1"] = 1,
        };
        Assert.Equal(model.Hooks.Points.Select(p => p.Name).Order(), fired.Keys.Order());
        foreach (var point in model.Hooks.Points.Where(p => !p.Dimensions.Contains("expert_token"))) Assert.Equal(point.Dimensions.Select(d => sizes[d]), fired[point.Name]);
    }

    [Theory, MemberData(nameof(Models))]
    public void An_edit_at_any_point_changes_the_output_as_recomputing_by_hand_does(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model);
        var before = model.Forward(tokens);
        foreach (var point in model.Hooks.Points)
        {
            using var inner = torch.NewDisposeScope();
            Tensor Edit(Tensor x) => point.Name == "hook_tokens" ? (x + 1) % model.Config.DVocab
                : point.ShortName == "hook_expert_indices" ? (x + 1) % model.Config.NumExperts!.Value : Distort(x, point.Index);
            var expected = new PlainTransformer(model, (at, x) => at == point.Name ? Edit(x) : x).Forward(tokens);
            var actual = model.RunWithHooks(tokens, (point.Name, (x, _) => Edit(x)));
            Close(expected, actual, point.Name);
            Assert.True((actual - before).abs().max().ToSingle() > 1e-4, $"an edit at {point.Name} changed nothing");
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Cached_values_equal_those_of_the_plain_transformer_and_caching_changes_no_logit(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model);
        var (logits, cache) = model.RunWithCache(tokens, [.. model.Hooks.Points.Select(p => p.Name)]);
        var seen = new HashSet<string>();
        new PlainTransformer(model, (at, x) =>
        {
            Close(x, cache[at], at);
            seen.Add(at);
            return x;
        }).Forward(tokens);
        Assert.Equal(cache.Count, seen.Count);
        Close(model.Forward(tokens), logits);
    }

    [Fact]
    public void A_gpt2_run_keeps_seventeen_values_a_block_and_six_more()
    {
        using var model = SampleModels.Create("gpt2");
        var (_, cache) = model.RunWithCache(SampleModels.Tokens(model));
        Assert.Equal(17 * 2 + 6, cache.Count);
        Assert.DoesNotContain("blocks.0.attn.hook_result", cache.Keys);
    }

    [Theory, MemberData(nameof(Models))]
    public void A_sequence_gives_the_same_logits_alone_and_in_a_batch(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model, 4);
        var together = model.Forward(tokens);
        for (var row = 0; row < 4; row++) Close(together[row..(row + 1)], model.Forward(tokens[row..(row + 1)]));
    }

    [Theory]
    [InlineData("gpt2"), InlineData("llama"), InlineData("llama2c"), InlineData("attention only"), InlineData("parallel"),
     InlineData("bloom"), InlineData("gemma"), InlineData("mixtral"), InlineData("shortformer")]
    public void Reading_a_text_in_pieces_with_a_cache_gives_the_logits_of_reading_it_at_once(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model, 2, 10);
        var whole = model.Forward(tokens);
        using var past = new KeyValueCache(model, 2, 10);
        var pieces = new[] { 0..4, 4..5, 5..10 }
            .Select(range => model.Forward(tokens[.., range], new ForwardOptions { KeyValueCache = past })).ToArray();
        Close(whole, torch.cat(pieces, 1));
        Assert.Equal(10, past.Length);
    }

    [Theory, InlineData("bidirectional"), InlineData("own masks")]
    public void A_model_that_looks_ahead_refuses_to_read_in_pieces(string name)
    {
        using var model = SampleModels.Create(name);
        using var past = new KeyValueCache(model, 2);
        var e = Assert.Throws<ArgumentException>(() => model.Forward(SampleModels.Tokens(model), new ForwardOptions { KeyValueCache = past }));
        Assert.Contains("not causal", e.Message);
    }

    [Theory]
    [InlineData("gpt2"), InlineData("llama"), InlineData("llama2c"), InlineData("bidirectional"), InlineData("no positions"),
     InlineData("bloom"), InlineData("gemma"), InlineData("mixtral"), InlineData("shortformer")]
    public void Padding_on_the_left_with_a_mask_changes_nothing(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model, 1, 6);
        var padded = torch.cat([torch.zeros([1, 3], ScalarType.Int64), tokens], 1);
        var mask = torch.cat([torch.zeros([1, 3], ScalarType.Int64), torch.ones([1, 6], ScalarType.Int64)], 1);
        var expected = model.Forward(tokens);
        Close(expected, model.Forward(padded, new ForwardOptions { PaddingMask = mask })[.., 3..]);
        if (model.Config.AttentionDir != AttentionDirection.Causal) return;
        using var past = new KeyValueCache(model, 1);
        model.Forward(padded[.., ..5], new ForwardOptions { PaddingMask = mask[.., ..5], KeyValueCache = past });
        Close(expected[.., 2..], model.Forward(padded[.., 5..], new ForwardOptions { KeyValueCache = past }));
    }

    [Fact]
    public void Padding_on_the_right_with_a_mask_changes_nothing()
    {
        using var model = SampleModels.Create("bidirectional");
        var tokens = SampleModels.Tokens(model, 1, 6);
        var padded = torch.cat([tokens, torch.zeros([1, 3], ScalarType.Int64)], 1);
        var mask = padded.gt(-1).to(ScalarType.Int64);
        mask[.., 6..] = torch.tensor(0L);
        Close(model.Forward(tokens), model.Forward(padded, new ForwardOptions { PaddingMask = mask })[.., ..6]);
    }

    [Theory, MemberData(nameof(Models))]
    public void Stopping_at_a_layer_and_starting_there_again_gives_the_logits(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model);
        var residual = model.Forward(tokens, new ForwardOptions { StopAtLayer = 1 });
        Close(model.RunWithCache(tokens, "blocks.1.hook_resid_pre").Cache["resid_pre", 1], residual);
        Close(model.Forward(tokens), model.Forward(residual, new ForwardOptions { StartAtLayer = 1 }));
        Close(residual, model.Forward(tokens, new ForwardOptions { StopAtLayer = -1 }));
    }

    [Fact]
    public void Only_the_last_position_is_unembedded_where_only_it_is_asked_for()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model);
        var last = model.Forward(tokens, new ForwardOptions { Logits = LogitPositions.Last });
        Assert.Equal([2, 1, 19], last.shape);
        Close(model.Forward(tokens)[.., ^1..], last);
    }

    [Fact]
    public void A_cache_without_logits_stops_behind_the_last_layer_that_is_kept()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model);
        var reached = new List<string>();
        using (model.AddHook("blocks.0.hook_resid_post", (_, hook) => { reached.Add(hook.Name); return null; }))
        {
            var cache = model.CacheOnly(tokens, ["blocks.0.mlp.hook_post"]);
            Close(model.RunWithCache(tokens, "blocks.0.mlp.hook_post").Cache["post", 0], cache["post", 0]);
        }
        Assert.Equal(2, reached.Count);
        using (model.AddHook("blocks.1.hook_resid_pre", (_, _) => null))
            Assert.Throws<HookException>(() => model.CacheOnly(tokens, ["blocks.0.mlp.hook_post"], new ForwardOptions { StopAtLayer = 1 }));
    }

    [Fact]
    public void Gradients_flow_to_weights_and_through_hooks()
    {
        using var model = SampleModels.Create("gpt2").RequireGradients();
        var tokens = SampleModels.Tokens(model);
        model.Loss(tokens).backward();
        foreach (var (name, tensor) in model.Weights.Named())
            Assert.True(tensor.grad!.abs().max().ToSingle() > 0, $"no gradient reached {name}");
        var (logits, cache) = model.RunWithCache(tokens, "blocks.0.hook_resid_post");
        var grad = Gradients.Of([logits.sum()], [cache["resid_post", 0]])[0]!;
        Assert.Equal(cache["resid_post", 0].shape, grad.shape);
    }

    [Fact]
    public void A_gradient_equals_the_difference_quotient()
    {
        using var model = SampleModels.Create("llama").RequireGradients();
        var tokens = SampleModels.Tokens(model);
        var weight = model.Weights.Blocks[0].Qkv.Weight;
        model.Loss(tokens).backward();
        var gradient = weight.grad![3, 5].ToDouble();
        double LossWith(double change)
        {
            using var noGrad = torch.no_grad();
            var place = weight[3, 5];
            place.add_(change);
            var loss = model.Loss(tokens).ToDouble();
            place.add_(-change);
            return loss;
        }
        Assert.Equal(gradient, (LossWith(1e-2) - LossWith(-1e-2)) / 2e-2, 3);
    }

    [Fact]
    public void The_loss_is_minus_the_log_probability_of_the_next_token()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model);
        var logProbs = model.Forward(tokens).log_softmax(-1);
        var losses = HookedTransformer.LossPerToken(model.Forward(tokens), tokens);
        Assert.Equal([2, 6], losses.shape);
        Assert.Equal(-logProbs[1, 4, tokens[1, 5].ToInt32()].ToSingle(), losses[1, 4].ToSingle(), 5);
        Assert.Equal(losses.mean().ToSingle(), model.Loss(tokens).ToSingle(), 5);
    }

    [Fact]
    public void The_loss_leaves_padding_out()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model, 1, 6);
        var padded = torch.cat([torch.zeros([1, 2], ScalarType.Int64), tokens], 1);
        var mask = torch.cat([torch.zeros([1, 2], ScalarType.Int64), torch.ones([1, 6], ScalarType.Int64)], 1);
        Assert.Equal(model.Loss(tokens).ToSingle(), model.Loss(padded, mask).ToSingle(), 5);
    }

    [Fact]
    public void Writing_through_a_weight_view_changes_the_model()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model);
        var without = model.RunWithHooks(tokens, ("blocks.1.attn.hook_result", (r, _) =>
        {
            r[.., .., 2] = torch.tensor(0.0);
            return r;
        }
        ));
        model.W_O(1)[2] = torch.tensor(0.0);
        Close(without, model.Forward(tokens));
    }

    private static Tensor Distort(Tensor x, int seed)
    {
        using var generator = new Generator((ulong)seed);
        return x * 0.7 + torch.randn(x.shape, generator: generator) * 0.2;
    }

    private static void Close(Tensor expected, Tensor actual, string where = "")
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.allclose(actual, 1e-4, 2e-5, true),
            $"{where}: largest difference {(expected - actual).nan_to_num().abs().max().ToSingle()}");
    }
}
