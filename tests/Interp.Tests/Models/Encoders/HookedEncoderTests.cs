using Interp.Hooks;
using Interp.Models.Encoders;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Models.Encoders;

public sealed class HookedEncoderTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Every_point_fires_exactly_once_in_order_with_its_stated_shape()
    {
        using var model = SampleEncoders.Create();
        var fired = new List<(string Name, long[] Shape)>();
        var hooks = model.Hooks.Points.Select(p => new Hook(p.Name, (value, hook) => { fired.Add((hook.Name, value.shape)); return null; }));
        model.RunWithHooks(SampleEncoders.Tokens(), [.. hooks]);
        var sizes = new Dictionary<string, long>
        {
            ["batch"] = 2,
            ["pos"] = 5,
            ["d_model"] = 12,
            ["head"] = 3,
            ["d_head"] = 4,
            ["d_mlp"] = 20,
            ["d_vocab"] = 17,
            ["1"] = 1,
            ["2"] = 2,
        };
        Assert.Equal(model.Hooks.Points.Select(p => p.Name).Order(), fired.Select(f => f.Name).Order());
        foreach (var (name, shape) in fired) Assert.Equal(model.Hooks[name].Dimensions.Select(d => sizes[d]), shape);
    }

    [Fact]
    public void An_edit_at_any_point_changes_what_comes_out()
    {
        using var model = SampleEncoders.Create();
        var before = model.Forward(SampleEncoders.Tokens());
        foreach (var point in model.Hooks.Points)
        {
            using var inner = torch.NewDisposeScope();
            using var generator = new Generator(3);
            var after = model.RunWithHooks(SampleEncoders.Tokens(), (point.Name, (x, _) => x + torch.randn(x.shape, generator: generator)));
            var sentence = point.Name.StartsWith("pooler") || point.Name.StartsWith("nsp_head");
            var apart = sentence ? (after.NextSentence! - before.NextSentence!) : after.MaskedLm! - before.MaskedLm!;
            Assert.True(apart.abs().max().ToSingle() > 1e-4, $"an edit at {point.Name} changed nothing");
        }
    }

    [Fact]
    public void Inputs_split_by_head_reach_their_head_alone()
    {
        using var model = SampleEncoders.Create();
        foreach (var letter in "qkv")
        {
            var hook = new Hook($"blocks.0.hook_{letter}_input", (x, _) => { x[.., .., 1..2, ..].add_(1); return null; });
            var (_, before) = model.RunWithCache(SampleEncoders.Tokens());
            var (_, after) = model.RunWithCache(SampleEncoders.Tokens(), [], [hook], null);
            foreach (var other in "qkv")
            {
                var apart = (after[$"blocks.0.attn.hook_{other}"] - before[$"blocks.0.attn.hook_{other}"]).abs().amax([0, 1, 3]).ToArray<float>();
                Assert.True(apart[0] < 1e-5 && apart[2] < 1e-5, "another head changed");
                Assert.Equal(other == letter, apart[1] > 1e-3);
            }
        }
    }

    [Fact]
    public void The_results_of_the_heads_and_the_bias_add_up_to_what_attention_writes()
    {
        using var model = SampleEncoders.Create();
        var (_, cache) = model.RunWithCache(SampleEncoders.Tokens(), "blocks.1.attn.hook_result", "blocks.1.hook_attn_out", "blocks.1.attn.hook_z");
        var sum = cache["blocks.1.attn.hook_result"].sum(2) + model.b_O(1);
        Assert.True((sum - cache["attn_out", 1]).abs().max().ToSingle() < 1e-5);
        var byHand = torch.einsum("bphd,hdm->bphm", cache["z", 1], model.W_O(1));
        Assert.True((byHand - cache["blocks.1.attn.hook_result"]).abs().max().ToSingle() < 1e-5);
    }

    [Fact]
    public void Views_of_weights_compute_what_the_model_computes()
    {
        using var model = SampleEncoders.Create();
        var (_, cache) = model.RunWithCache(SampleEncoders.Tokens());
        void Same(Tensor expected, Tensor found) => Assert.True((expected - found).abs().max().ToSingle() < 1e-5);
        var pre = cache["resid_pre", 1];
        Same(torch.einsum("bpm,hmd->bphd", pre, model.W_Q(1)) + model.b_Q(1), cache["q", 1]);
        Same(torch.einsum("bpm,hmd->bphd", pre, model.W_K(1)) + model.b_K(1), cache["k", 1]);
        Same(torch.einsum("bpm,hmd->bphd", pre, model.W_V(1)) + model.b_V(1), cache["v", 1]);
        Same(cache["normalized", 1, "ln1"].MatMul(model.W_in(1)) + model.b_in(1), cache["pre", 1]);
        Same(cache["post", 1].MatMul(model.W_out(1)) + model.b_out(1), cache["mlp_out", 1]);
        Same(cache["unembed.hook_in"].MatMul(model.W_U) + model.b_U, cache["unembed.hook_out"]);
    }

    [Fact]
    public void An_unknown_name_is_an_error_that_gives_the_nearest()
    {
        using var model = SampleEncoders.Create();
        var error = Assert.Throws<HookException>(() => model.RunWithCache(SampleEncoders.Tokens(), "blocks.0.hook_normalized_resid"));
        Assert.Contains("'blocks.0.hook_normalized_resid_post'", error.Message, StringComparison.Ordinal);
        Assert.Throws<HookException>(() => model.RunWithHooks(SampleEncoders.Tokens(), ("blocks.2.hook_resid_pre", (x, _) => x)));
        Assert.Throws<HookException>(() => model.AddHook("hook_pos_embed", (x, _) => x));
    }

    [Fact]
    public void A_hook_that_returns_another_shape_is_an_error()
    {
        using var model = SampleEncoders.Create();
        var error = Assert.Throws<HookException>(() =>
            model.RunWithHooks(SampleEncoders.Tokens(), ("blocks.1.attn.hook_pattern", (x, _) => x[.., 0..1])));
        Assert.Contains("[2, 1, 5, 5]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_attached_hook_acts_until_it_is_disposed()
    {
        using var model = SampleEncoders.Create();
        var calls = 0;
        using (model.AddHook("z0", (_, _) => { calls++; return null; })) model.Forward(SampleEncoders.Tokens());
        model.Forward(SampleEncoders.Tokens());
        Assert.Equal(1, calls);
    }

    [Fact]
    public void CacheOnly_keeps_the_same_values_without_a_head_and_later_layers()
    {
        using var model = SampleEncoders.Create();
        var ran = false;
        using var _ = model.AddHook("blocks.0.hook_mlp_out", (_, _) => { ran = true; return null; });
        var all = model.RunWithCache(SampleEncoders.Tokens()).Cache;
        var some = model.CacheOnly(SampleEncoders.Tokens(), ["blocks.0.attn.hook_pattern"]);
        Assert.True(ran);
        Assert.Equal(all["pattern", 0].ToArray<float>(), some["pattern", 0].ToArray<float>());
        Assert.Equal(["blocks.0.attn.hook_pattern"], some.Keys);
    }

    [Fact]
    public void Positions_of_RoBERTa_skip_padding_wherever_it_stands()
    {
        using var model = SampleEncoders.Create(SampleEncoders.Config with { PositionPadding = 1, TokenTypes = 0 });
        using var tokens = torch.tensor(new long[] { 1, 5, 6, 1, 7, 1 }, [1, 6]);
        var (_, cache) = model.RunWithCache(tokens, "embed.hook_pos_embed");
        var rows = torch.tensor(new long[] { 1, 2, 3, 1, 4, 1 });
        Assert.Equal(model.W_pos.index_select(0, rows).ToArray<float>(), cache["embed.hook_pos_embed"].ToArray<float>());
    }

    [Fact]
    public void Input_that_does_not_fit_is_an_error_that_says_how()
    {
        using var model = SampleEncoders.Create();
        void Error(string message, Tensor tokens, EncoderOptions? options = null) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => model.Forward(tokens, options)).Message, StringComparison.Ordinal);
        var tokens = SampleEncoders.Tokens();
        Error("11 tokens do not fit the model's context of 10", torch.zeros([1, 11], ScalarType.Int64));
        Error("token 17 is outside the vocabulary", torch.full([1, 3], 17L, ScalarType.Int64));
        Error("tokens must be integers", torch.zeros([1, 3]));
        Error("token type 2 is none of the model's: 0 to 1", tokens, new EncoderOptions { TokenTypes = torch.full([2, 5], 2L, ScalarType.Int64) });
        Error("the token types must be [batch, pos] = [2, 5]", tokens, new EncoderOptions { TokenTypes = torch.zeros([2, 4], ScalarType.Int64) });
        Error("the padding mask must be [batch, pos] = [2, 5]", tokens, new EncoderOptions { PaddingMask = torch.ones([2, 4]) });
        using var none = SampleEncoders.Create(SampleEncoders.Config with { TokenTypes = 0 });
        Assert.Throws<ArgumentException>(() => none.Forward(tokens, new EncoderOptions { TokenTypes = torch.zeros_like(tokens) }));
    }

    [Fact]
    public void Weights_that_do_not_fit_the_configuration_are_an_error_that_names_them()
    {
        using var generator = new Generator(4);
        var weights = SampleEncoders.Weights(SampleEncoders.Config, generator);
        void Error(string message, HookedEncoderConfig config, EncoderWeights w) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => new HookedEncoder(config, w)).Message, StringComparison.Ordinal);
        Error("weight 'embed.pos_embed.W_pos' has the shape [10, 12]", SampleEncoders.Config with { NCtx = 11 }, weights);
        Error("weights of 2 layers for a configuration of 3", SampleEncoders.Config with { NLayers = 3 }, weights);
        Error("no embedding of token types", SampleEncoders.Config, weights with { TypeEmbed = null });
        Error("the weights have no pooler", SampleEncoders.Config, weights with { Pooler = null });
        Error("but a block's weights have 3 heads", SampleEncoders.Config with { NHeads = 6, DHead = 2 }, weights);
        Error("weight 'blocks.0.mlp.W_in' has the shape [12, 20]", SampleEncoders.Config with { DMlp = 21 }, weights);
        Error("ActFn is solu_ln", SampleEncoders.Config with { ActFn = "solu_ln" }, weights);
    }

    [Fact]
    public void A_run_leaves_no_tensor_behind_but_its_results()
    {
        using var model = SampleEncoders.Create();
        using var tokens = SampleEncoders.Tokens();
        var before = torch.CurrentDisposeScope!.DisposablesCount;
        var (output, cache) = model.RunWithCache(tokens);
        output.Dispose();
        cache.Dispose();
        Assert.Equal(before, torch.CurrentDisposeScope!.DisposablesCount);
    }

    [Fact]
    public void Gradients_reach_every_weight()
    {
        using var model = SampleEncoders.Create().RequireGradients();
        using var generator = new Generator(5);
        var output = model.Forward(SampleEncoders.Tokens());
        ((output.MaskedLm! * torch.randn(output.MaskedLm!.shape, generator: generator)).sum() + output.NextSentence!.square().sum()).backward();
        foreach (var (name, tensor) in model.Weights.Named())
            Assert.True(tensor.grad is { } grad && grad.abs().max().ToSingle() > 0, $"no gradient at {name}");
    }
}
