using Interp.Hooks;
using Interp.Models;
using Interp.Models.Encoders;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Models.Encoders;

public sealed class HookedEncoderDecoderTests : IDisposable
{
    private static readonly HookedEncoderDecoderConfig Config = new()
    {
        NLayers = 2,
        NDecoderLayers = 3,
        DModel = 12,
        NHeads = 3,
        DHead = 5,
        DVocab = 17,
        DMlp = 20,
        GatedMlp = true,
        ActFn = "silu",
        RelativeAttentionNumBuckets = 8,
        RelativeAttentionMaxDistance = 12,
        DecoderStartTokenId = 0,
    };

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Every_point_fires_exactly_once_with_its_stated_shape()
    {
        using var model = Create();
        var fired = new List<(string Name, long[] Shape)>();
        var hooks = model.Hooks.Points.Select(p => new Hook(p.Name, (value, hook) => { fired.Add((hook.Name, value.shape)); return null; }));
        // A norm's hooks and those of split inputs edit the same stream and are not combined.
        foreach (var group in hooks.GroupBy(hook => hook.Name.EndsWith("_input", StringComparison.Ordinal)))
            model.RunWithHooks(Tokens(6), Tokens(4), [.. group]);
        Assert.Equal(model.Hooks.Points.Select(p => p.Name).Order(), fired.Select(f => f.Name).Order());
        var sizes = new Dictionary<string, long>
        {
            ["batch"] = 2,
            ["encoder_pos"] = 6,
            ["d_model"] = 12,
            ["head"] = 3,
            ["d_head"] = 5,
            ["d_mlp"] = 20,
            ["d_vocab"] = 17,
            ["1"] = 1,
        };
        foreach (var (name, shape) in fired)
        {
            sizes["pos"] = name.StartsWith("encoder", StringComparison.Ordinal) || name == "hook_embed" ? 6 : 4;
            Assert.Equal(model.Hooks[name].Dimensions.Select(d => sizes[d]), shape);
        }
    }

    [Fact]
    public void An_edit_at_any_point_changes_the_logits()
    {
        using var model = Create();
        var before = model.Forward(Tokens(6), Tokens(4)).Logits;
        foreach (var point in model.Hooks.Points)
        {
            using var inner = torch.NewDisposeScope();
            using var generator = new Generator(3);
            var after = model.RunWithHooks(Tokens(6), Tokens(4), (point.Name, (x, _) => x + torch.randn(x.shape, generator: generator))).Logits;
            Assert.True((after - before).abs().max().ToSingle() > 1e-5, $"an edit at {point.Name} changed nothing");
        }
    }

    [Fact]
    public void Scores_are_products_of_queries_and_keys_without_a_scale_and_the_bias_of_the_first_layer()
    {
        using var model = Create();
        var (_, cache) = model.RunWithCache(Tokens(6), Tokens(4));
        var bias = cache["encoder.0.attn.rel_pos_hook"];
        var products = torch.einsum("bqhd,bkhd->bhqk", cache["encoder.1.attn.hook_q"], cache["encoder.1.attn.hook_k"]);
        Assert.True((products + bias - cache["encoder.1.attn.hook_attn_scores"]).abs().max().ToSingle() < 1e-5);
        var cross = torch.einsum("bqhd,bkhd->bhqk", cache["decoder.2.cross_attn.hook_q"], cache["decoder.2.cross_attn.hook_k"]);
        Assert.True((cross - cache["decoder.2.cross_attn.hook_attn_scores"]).abs().max().ToSingle() < 1e-5);
        Assert.Equal(0, cache["decoder.1.attn.hook_pattern"].triu(1).abs().max().ToSingle());
    }

    [Fact]
    public void Cross_attention_reads_keys_and_values_from_what_the_encoder_gave()
    {
        using var model = Create();
        var (output, cache) = model.RunWithCache(Tokens(6), Tokens(4));
        var cross = model.Weights.Decoder.Blocks[1].CrossAttention!;
        var keys = torch.einsum("bpm,hmd->bphd", output.EncoderHidden, cross.W_K);
        var values = torch.einsum("bpm,hmd->bphd", output.EncoderHidden, cross.W_V);
        Assert.True((keys - cache["decoder.1.cross_attn.hook_k"]).abs().max().ToSingle() < 1e-5);
        Assert.True((values - cache["decoder.1.cross_attn.hook_v"]).abs().max().ToSingle() < 1e-5);
    }

    [Fact]
    public void Kinds_of_distances_are_those_of_the_paper()
    {
        // 32 kinds, 128: one way, distances 0 to 15 are a kind each and larger ones share kinds up to 31.
        var oneWay = RelativePositions.Buckets(300, 300, bothWays: false, 32, 128, torch.CPU);
        var last = oneWay.select(0, 299).flip(0).ToArray<long>();
        Assert.Equal(Enumerable.Range(0, 16).Select(k => (long)k), last[..16]);
        foreach (var (distance, kind) in ((int, long)[])[(18, 16), (19, 17), (24, 19), (63, 26), (64, 26), (112, 30), (113, 31), (128, 31), (299, 31)])
            Assert.Equal(kind, last[distance]);
        Assert.Equal(0, oneWay.select(0, 0).max().ToInt64());
        // Both ways: half of the kinds for later keys.
        var bothWays = RelativePositions.Buckets(300, 300, bothWays: true, 32, 128, torch.CPU);
        Assert.Equal([7L, 6, 5, 4, 3, 2, 1, 0, 17, 18, 19, 20, 21, 22, 23, 24], bothWays.select(0, 7).ToArray<long>()[..16]);
        Assert.Equal(31, bothWays.select(0, 0).max().ToInt64());
    }

    [Fact]
    public void An_unknown_name_and_input_that_does_not_fit_are_errors()
    {
        using var model = Create();
        var unknown = Assert.Throws<HookException>(() => model.RunWithCache(Tokens(6), Tokens(4), "decoder.0.hook_cross_attn"));
        Assert.Contains("'decoder.0.hook_cross_attn_in'", unknown.Message, StringComparison.Ordinal);
        Assert.Throws<HookException>(() => model.RunWithHooks(Tokens(6), Tokens(4), ("encoder.0.cross_attn.hook_z", (x, _) => x)));
        var batch = Assert.Throws<ArgumentException>(() => model.Forward(Tokens(6), torch.zeros([3, 4], ScalarType.Int64)));
        Assert.Contains("a batch of 2, the decoder one of 3", batch.Message, StringComparison.Ordinal);
        var token = Assert.Throws<ArgumentException>(() => model.Forward(Tokens(6), torch.full([2, 4], 17L, ScalarType.Int64)));
        Assert.Contains("token 17 is outside the vocabulary", token.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_do_not_fit_the_configuration_are_an_error_that_names_them()
    {
        using var generator = new Generator(1);
        var weights = Weights(generator);
        void Error(string message, HookedEncoderDecoderConfig config) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => new HookedEncoderDecoder(config, weights)).Message, StringComparison.Ordinal);
        Error("weights of 3 layers of the decoder for a configuration of 2", Config with { NDecoderLayers = 2 });
        Error("weight 'encoder.0.attn.rel_attn_bias' has the shape [8, 3]", Config with { RelativeAttentionNumBuckets = 10 });
        Error("an MLP of the encoder has a gate", Config with { GatedMlp = false });
        Error("weight 'embed.W_E' has the shape [17, 12]", Config with { DVocab = 18 });
    }

    [Fact]
    public void A_run_leaves_no_tensor_behind_but_its_results_and_gradients_reach_every_weight()
    {
        using var model = Create().RequireGradients();
        var (tokens, written) = (Tokens(6), Tokens(4));
        model.Forward(tokens, written).Logits.square().sum().backward();
        foreach (var (name, tensor) in model.Weights.Named())
            Assert.True(tensor.grad is { } grad && grad.abs().max().ToSingle() > 0, $"no gradient at {name}");
        using var noGrad = torch.no_grad();
        var before = torch.CurrentDisposeScope!.DisposablesCount;
        var (output, cache) = model.RunWithCache(tokens, written);
        output.Dispose();
        cache.Dispose();
        Assert.Equal(before, torch.CurrentDisposeScope!.DisposablesCount);
    }

    internal static HookedEncoderDecoder Create(int? eos = null, int? start = 0, ulong seed = 1)
    {
        using var generator = new Generator(seed);
        using var scope = torch.NewDisposeScope();
        return new HookedEncoderDecoder(Config with { EosTokenId = eos, DecoderStartTokenId = start }, Weights(generator));
    }

    private static EncoderDecoderWeights Weights(Generator generator)
    {
        var c = Config;
        var inner = (long)c.NHeads * c.DHead;
        Tensor Random(params long[] shape) => torch.randn(shape, generator: generator) * 0.3;
        LinearWeights Linear(long input, long output) => new(Random(input, output), null);
        NormWeights Norm() => new(Random(c.DModel) + 1, null);
        AttentionWeights Attention() => new(Linear(c.DModel, 3 * inner), Linear(inner, c.DModel), c.NHeads);
        EncoderDecoderBlockWeights Block(bool isDecoder) => new(Norm(), Attention(), Norm(),
            new MlpWeights(Linear(c.DModel, c.DMlp), Linear(c.DMlp, c.DModel), Linear(c.DModel, c.DMlp)))
        {
            CrossAttention = isDecoder ? Attention() : null,
            Ln3 = isDecoder ? Norm() : null,
        };
        EncoderDecoderStackWeights Stack(int layers, bool isDecoder) => new(Random(c.RelativeAttentionNumBuckets, c.NHeads),
            [.. Enumerable.Range(0, layers).Select(_ => Block(isDecoder))], Norm());
        var embed = Random(c.DVocab, c.DModel);
        return new EncoderDecoderWeights(embed, Stack(c.NLayers, false), Stack(c.NDecoderLayers, true), new LinearWeights(embed.t(), null));
    }

    internal static Tensor Tokens(int pos)
    {
        using var generator = new Generator((ulong)pos);
        return torch.randint(0, Config.DVocab, [2, pos], generator: generator);
    }
}
