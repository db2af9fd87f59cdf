using System.Text.Json.Nodes;
using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading;

public class LlamaLayoutTests
{
    [Theory]
    [InlineData("model.")]
    [InlineData("")]
    public void Matrices_are_seen_transposed(string prefix)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.LlamaConfig());
        var weights = TinyModels.LlamaWeights(prefix);
        weights.Add(prefix + "layers.0.self_attn.rotary_emb.inv_freq", torch.ones([2]));
        using var model = HookedTransformer.Load(folder.Weights(weights).Root);
        var layer = prefix + "layers.0.";
        Assert.True(model.W_Q(0)[1].Equals(weights[layer + "self_attn.q_proj.weight"].narrow(0, 4, 4).t()));
        Assert.True(model.W_K(0)[0].Equals(weights[layer + "self_attn.k_proj.weight"].t()));
        Assert.True(model.W_V(0)[0].Equals(weights[layer + "self_attn.v_proj.weight"].t()));
        Assert.True(model.W_O(0).flatten(0, 1).Equals(weights[layer + "self_attn.o_proj.weight"].t()));
        Assert.True(model.W_in(0).Equals(weights[layer + "mlp.up_proj.weight"].t()));
        Assert.True(model.W_gate(0).Equals(weights[layer + "mlp.gate_proj.weight"].t()));
        Assert.True(model.W_out(0).Equals(weights[layer + "mlp.down_proj.weight"].t()));
        Assert.True(model.W_U.Equals(weights["lm_head.weight"].t()));
        Assert.False(model.Config.RotaryAdjacentPairs);
    }

    [Fact]
    public void Biases_of_attention_are_read_where_the_configuration_has_them()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.LlamaConfig(), ("attention_bias", true));
        var weights = TinyModels.LlamaWeights();
        foreach (var (name, size) in new[] { ("q", 8), ("k", 4), ("v", 4), ("o", 8) })
            weights.Add($"model.layers.0.self_attn.{name}_proj.bias", torch.randn([size]));
        using var model = HookedTransformer.Load(folder.Weights(weights).Root);
        Assert.True(model.b_Q(0).flatten().Equals(weights["model.layers.0.self_attn.q_proj.bias"]));
        Assert.True(model.b_K(0).flatten().Equals(weights["model.layers.0.self_attn.k_proj.bias"]));
        Assert.True(model.b_V(0).flatten().Equals(weights["model.layers.0.self_attn.v_proj.bias"]));
        Assert.True(model.b_O(0).Equals(weights["model.layers.0.self_attn.o_proj.bias"]));
    }

    [Fact]
    public void Biases_that_the_configuration_denies_are_left_over()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.LlamaConfig());
        var weights = TinyModels.LlamaWeights();
        weights.Add("model.layers.0.self_attn.q_proj.bias", torch.randn([8]));
        var error = Assert.Throws<ModelLoadException>(() => HookedTransformer.Load(folder.Weights(weights).Root));
        Assert.Contains("'model.layers.0.self_attn.q_proj.bias'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rotary_base_is_found_where_newer_files_keep_it()
    {
        using var scope = torch.NewDisposeScope();
        var rope = new JsonObject { ["rope_type"] = "default", ["rope_theta"] = 1234.5 };
        using var folder = new TestFolder().Config(TinyModels.LlamaConfig(), ("rope_parameters", rope)).Weights(TinyModels.LlamaWeights());
        using var model = HookedTransformer.Load(folder.Root);
        Assert.Equal(1234.5, model.Config.RotaryBase);
    }

    [Fact]
    public void The_first_of_several_end_tokens_counts()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.LlamaConfig(), ("eos_token_id", new JsonArray(3, 5))).Weights(TinyModels.LlamaWeights());
        using var model = HookedTransformer.Load(folder.Root);
        Assert.Equal(3, model.Config.EosTokenId);
    }

    [Fact]
    public void A_long_text_after_a_short_one_is_rotated_as_from_the_start()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.LlamaConfig(), ("max_position_embeddings", 1024)).Weights(TinyModels.LlamaWeights());
        int[] text = [.. Enumerable.Range(0, 700).Select(k => k * k % TinyModels.Vocabulary)];
        using var fresh = HookedTransformer.Load(folder.Root);
        var expected = fresh.Forward(text);
        using var used = HookedTransformer.Load(folder.Root);
        used.Forward(text[..3]);
        Assert.True(used.Forward(text).Equals(expected));
        using var past = new KeyValueCache(used, 1);
        used.Forward(text[..699], new ForwardOptions { KeyValueCache = past });
        var last = used.Forward(text[699..], new ForwardOptions { KeyValueCache = past });
        Assert.True((last - expected.narrow(1, 699, 1)).abs().max().ToSingle() < 1e-4);
    }

    [Fact]
    public void A_model_that_was_first_run_in_inference_mode_can_be_trained()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.LlamaConfig()).Weights(TinyModels.LlamaWeights());
        using var model = HookedTransformer.Load(folder.Root);
        using (torch.inference_mode()) model.Forward([1, 2, 3]);
        model.RequireGradients();
        model.Loss(torch.tensor([1L, 2, 3], [1, 3])).backward();
        Assert.True(model.Weights.Embed.grad!.abs().sum().ToSingle() > 0);
    }

    [Theory]
    [InlineData("rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":2}", "'rope_scaling' asks for rotary positions scaled by 'yarn'")]
    [InlineData("rope_scaling", "{\"rope_type\":\"linear\",\"factor\":\"2\"}", "'rope_scaling' has no number 'factor'")]
    [InlineData("rope_scaling", "{\"rope_type\":\"linear\",\"factor\":-2}", "makes no sense")]
    [InlineData("rope_parameters", "{\"rope_theta\":\"x\"}", "'rope_parameters' has no number 'rope_theta'")]
    [InlineData("rope_theta", "-1", "RotaryBase is -1")]
    [InlineData("hidden_act", "\"tanhshrink\"", "'hidden_act' is 'tanhshrink'")]
    [InlineData("quantization_config", "{\"bits\":4}", "'quantization_config'")]
    [InlineData("num_attention_heads", "3", "num_attention_heads 3 does not divide hidden_size 8")]
    public void Settings_that_are_not_supported_are_named(string name, string value, string message)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.LlamaConfig(), (name, JsonNode.Parse(value))).Weights(TinyModels.LlamaWeights());
        var error = Assert.Throws<ModelLoadException>(() => HookedTransformer.Load(folder.Root));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
