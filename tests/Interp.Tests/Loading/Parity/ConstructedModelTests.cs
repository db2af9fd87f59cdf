using System.Text.Json;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Parity;

/// <summary>
/// Families without a fixture: files with the names and shapes of the reference implementation, filled at random, give the
/// numbers of the plain transformer whose weights were put together here by hand.
/// </summary>
public sealed class ConstructedModelTests : IDisposable
{
    private const int Width = 24, Heads = 4, KeyHeads = 2, HeadWidth = 8, Neurons = 40, Vocabulary = 19, Layers = 3;

    private readonly string folder = Directory.CreateTempSubdirectory("interp-test-").FullName;
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly Generator generator = new(5);
    private readonly Dictionary<string, Tensor> file = [];

    public void Dispose()
    {
        scope.Dispose();
        generator.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Qwen_3_norms_queries_and_keys_and_has_no_biases()
    {
        var settings = Settings("qwen3", "rms_norm_eps", 1e-5);
        settings["hidden_act"] = "silu";
        settings["rope_theta"] = 5000.0;
        settings["tie_word_embeddings"] = false;
        var config = Config() with { ActFn = "silu", RotaryBase = 5000, UseQkNorm = true };
        var blocks = Enumerable.Range(0, Layers).Select(layer => Block($"model.layers.{layer}.", "post_attention_layernorm", plusOne: false)).ToArray();
        var weights = new ModelWeights(Add("model.embed_tokens.weight", Vocabulary, Width), null, blocks,
            Norm("model.norm", plusOne: false), new LinearWeights(Add("lm_head.weight", Vocabulary, Width).t(), null));
        Check(settings, config, weights);
    }

    [Fact]
    public void Gemma_3_has_local_layers_with_a_rotary_base_of_their_own_and_norms_on_both_sides()
    {
        var settings = Settings("gemma3_text", "rms_norm_eps", 1e-6);
        settings["hidden_activation"] = "gelu_pytorch_tanh";
        settings["rope_theta"] = 9000.0;
        settings["rope_local_base_freq"] = 50.0;
        settings["sliding_window"] = 3;
        settings["sliding_window_pattern"] = 3;
        settings["query_pre_attn_scalar"] = 25;
        var config = Config() with
        {
            ActFn = "gelu_pytorch_tanh",
            Eps = 1e-6,
            RotaryBase = 9000,
            RotaryBaseLocal = 50,
            UseQkNorm = true,
            AttnScale = 5,
            WindowSize = 3,
            AttnTypes = [AttentionReach.Local, AttentionReach.Local, AttentionReach.Global],
            UseNormalizationBeforeAndAfter = true,
        };
        var blocks = Enumerable.Range(0, Layers).Select(layer =>
        {
            var p = $"model.layers.{layer}.";
            return Block(p, "pre_feedforward_layernorm", plusOne: true) with
            {
                Ln1Post = Norm(p + "post_attention_layernorm", plusOne: true),
                Ln2Post = Norm(p + "post_feedforward_layernorm", plusOne: true),
            };
        }).ToArray();
        var embed = Add("model.embed_tokens.weight", Vocabulary, Width);
        var weights = new ModelWeights(embed * Math.Sqrt(Width), null, blocks, Norm("model.norm", plusOne: true), new LinearWeights(embed.t(), null));
        Check(settings, config, weights);
    }

    [Fact]
    public void Llama_with_biases_in_the_MLP_adds_them_before_the_product()
    {
        var settings = Settings("llama", "rms_norm_eps", 1e-5);
        settings["mlp_bias"] = true;
        settings["tie_word_embeddings"] = true;
        var config = Config() with { ActFn = "silu", GatedBiasInside = true };
        var blocks = Enumerable.Range(0, Layers).Select(layer =>
        {
            var p = $"model.layers.{layer}.";
            var block = Block(p, "post_attention_layernorm", plusOne: false, qkNorm: false);
            LinearWeights WithBias(LinearWeights linear, string name, int size) => linear with { Bias = Add($"{p}mlp.{name}.bias", size) };
            var mlp = block.Mlp!;
            return block with
            {
                Mlp = new MlpWeights(
                    WithBias(mlp.In, "up_proj", Neurons), WithBias(mlp.Out, "down_proj", Width), WithBias(mlp.Gate!, "gate_proj", Neurons)),
            };
        }).ToArray();
        var embed = Add("model.embed_tokens.weight", Vocabulary, Width);
        Check(settings, config, new ModelWeights(embed, null, blocks, Norm("model.norm", plusOne: false), new LinearWeights(embed.t(), null)));
    }

    /// <summary>Queries, keys and values head by head; three heads, whose slopes the plain computation has by heart.</summary>
    [Fact]
    public void Falcon_with_ALiBi_scales_the_biases_with_the_scores()
    {
        var settings = Falcon("falcon", 3);
        foreach (var (name, value) in ((string, object)[])[("alibi", true), ("multi_query", false), ("parallel_attn", false), ("bias", true)])
            settings[name] = value;
        var config = FalconConfig(3) with { PositionalEmbeddingType = PositionalEmbeddingType.Alibi, AlibiInScale = true };
        var names = new FalconNames("transformer.word_embeddings", "transformer.h.", "self_attention.", "transformer.ln_f");
        Check(settings, config, FalconWeights(names, 3));
    }

    [Theory]
    [InlineData("falcon", """{"type": "linear", "factor": 3.0}""")]
    [InlineData("falcon", """{"rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8}""")]
    [InlineData("gpt_neox", """{"rope_type": "linear", "factor": 3.0}""")]
    [InlineData("gpt_neox", """{"rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8}""")]
    public void Falcon_and_NeoX_scale_their_rotary_positions(string type, string scaling)
    {
        var isNeoX = type == "gpt_neox";
        var settings = Falcon(type, 3);
        settings[isNeoX ? "rope_parameters" : "rope_scaling"] = JsonSerializer.Deserialize<JsonElement>(scaling);
        foreach (var (name, value) in isNeoX
            ? ((string, object)[])[("use_parallel_residual", false), ("intermediate_size", Neurons), ("rotary_pct", 0.5)]
            : [("multi_query", false), ("parallel_attn", false), ("bias", true)])
            settings[name] = value;
        var config = FalconConfig(3) with
        {
            PositionalEmbeddingType = PositionalEmbeddingType.Rotary,
            RotaryDim = isNeoX ? HeadWidth / 2 : HeadWidth,
            RotaryScaling = scaling.Contains("linear", StringComparison.Ordinal)
                ? new RotaryScaling.Linear(3)
                : new RotaryScaling.Llama3(4, 1, 4, 8),
        };
        var names = isNeoX
            ? new FalconNames("gpt_neox.embed_in", "gpt_neox.layers.", "attention.", "gpt_neox.final_layer_norm")
            : new FalconNames("transformer.word_embeddings", "transformer.h.", "self_attention.", "transformer.ln_f");
        Check(settings, config, FalconWeights(names, 3));
    }

    private sealed record FalconNames(string Embed, string Blocks, string Attention, string Norm);

    private static HookedTransformerConfig FalconConfig(int heads) => Config() with
    {
        NHeads = heads,
        NKeyValueHeads = heads,
        ActFn = "gelu",
        GatedMlp = false,
        NormalizationType = NormalizationType.LN,
        Eps = 1e-5,
    };

    private static Dictionary<string, object> Falcon(string type, int heads) => new()
    {
        ["model_type"] = type,
        ["num_hidden_layers"] = Layers,
        ["hidden_size"] = Width,
        ["num_attention_heads"] = heads,
        [type == "falcon" ? "ffn_hidden_size" : "intermediate_size"] = Neurons,
        ["max_position_embeddings"] = 16,
        ["vocab_size"] = Vocabulary,
        ["tie_word_embeddings"] = true,
    };

    private ModelWeights FalconWeights(FalconNames names, int heads)
    {
        NormWeights LayerNorm(string name) => new(Add(name + ".weight", Width), Add(name + ".bias", Width));
        LinearWeights Linear(string name, int output, int input) => new(Add(name + ".weight", output, input).t(), Add(name + ".bias", output));
        // Stored [head, (q, k, v), width]; wanted [(q, k, v), head, width].
        Tensor Sorted(Tensor rows) => rows.SplitDimension(0, heads, 3, HeadWidth).transpose(0, 1).flatten(0, 2);
        var embed = Add(names.Embed + ".weight", Vocabulary, Width);
        var blocks = Enumerable.Range(0, Layers).Select(layer =>
        {
            var p = $"{names.Blocks}{layer}.";
            var qkv = Linear(p + names.Attention + "query_key_value", 3 * heads * HeadWidth, Width);
            return new BlockWeights(
                LayerNorm(p + "input_layernorm"),
                new LinearWeights(Sorted(qkv.Weight.t()).t(), Sorted(qkv.Bias!)),
                Linear(p + names.Attention + "dense", Width, heads * HeadWidth),
                LayerNorm(p + "post_attention_layernorm"),
                new MlpWeights(Linear(p + "mlp.dense_h_to_4h", Neurons, Width), Linear(p + "mlp.dense_4h_to_h", Width, Neurons), null));
        }).ToArray();
        return new ModelWeights(embed, null, blocks, LayerNorm(names.Norm), new LinearWeights(embed.t(), null));
    }

    private static HookedTransformerConfig Config() => new()
    {
        NLayers = Layers,
        DModel = Width,
        NHeads = Heads,
        NKeyValueHeads = KeyHeads,
        DHead = HeadWidth,
        DMlp = Neurons,
        NCtx = 16,
        DVocab = Vocabulary,
        GatedMlp = true,
        NormalizationType = NormalizationType.RMS,
        PositionalEmbeddingType = PositionalEmbeddingType.Rotary,
    };

    private static Dictionary<string, object> Settings(string type, string epsName, double eps) => new()
    {
        ["model_type"] = type,
        ["num_hidden_layers"] = Layers,
        ["hidden_size"] = Width,
        ["num_attention_heads"] = Heads,
        ["num_key_value_heads"] = KeyHeads,
        ["head_dim"] = HeadWidth,
        ["intermediate_size"] = Neurons,
        ["max_position_embeddings"] = 16,
        ["vocab_size"] = Vocabulary,
        [epsName] = eps,
    };

    private BlockWeights Block(string p, string secondNorm, bool plusOne, bool qkNorm = true)
    {
        Tensor Projection(string name, int heads) => Add($"{p}self_attn.{name}.weight", heads * HeadWidth, Width);
        LinearWeights Linear(string name, int output, int input) => new(Add($"{p}{name}.weight", output, input).t(), null);
        return new BlockWeights(
            Norm(p + "input_layernorm", plusOne),
            new LinearWeights(torch.cat([Projection("q_proj", Heads), Projection("k_proj", KeyHeads), Projection("v_proj", KeyHeads)]).t(), null),
            Linear("self_attn.o_proj", Width, Heads * HeadWidth),
            Norm(p + secondNorm, plusOne),
            new MlpWeights(Linear("mlp.up_proj", Neurons, Width), Linear("mlp.down_proj", Width, Neurons), Linear("mlp.gate_proj", Neurons, Width)))
        {
            QueryNorm = qkNorm ? Scale(p + "self_attn.q_norm", HeadWidth, plusOne) : null,
            KeyNorm = qkNorm ? Scale(p + "self_attn.k_norm", HeadWidth, plusOne) : null,
        };
    }

    private NormWeights Norm(string name, bool plusOne) => new(Scale(name, Width, plusOne), null);

    private Tensor Scale(string name, int size, bool plusOne) => plusOne ? Add(name + ".weight", size) + 1 : Add(name + ".weight", size);

    private Tensor Add(string name, params long[] shape) => file[name] = torch.randn(shape, generator: generator) * 0.4;

    /// <summary>The loaded file, the model put together by hand, and the plain computation on it agree.</summary>
    private void Check(Dictionary<string, object> settings, HookedTransformerConfig config, ModelWeights weights)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(settings));
        SafeTensorsWriter.Write(Path.Combine(folder, "model.safetensors"), file);
        using var loaded = HookedTransformer.Load(folder);
        using var byHand = new HookedTransformer(config, weights);
        var tokens = torch.randint(0, Vocabulary, [2, 9], generator: generator);
        var expected = new PlainTransformer(byHand, (_, x) => x).Forward(tokens);
        Assert.True(expected.allclose(loaded.Forward(tokens), 1e-4, 2e-5), $"largest difference {(expected - loaded.Forward(tokens)).abs().max().ToSingle()}");
    }
}
