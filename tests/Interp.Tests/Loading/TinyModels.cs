using System.Text.Json.Nodes;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading;

/// <summary>Files of models with a handful of random weights; the tensors belong to the open DisposeScope.</summary>
internal static class TinyModels
{
    public const int Width = 8, Heads = 2, HeadWidth = 4, KeyValueHeads = 1, Hidden = 12, Context = 16, Vocabulary = 11;

    public static JsonObject Gpt2Config() => new()
    {
        ["model_type"] = "gpt2",
        ["n_embd"] = Width,
        ["n_head"] = Heads,
        ["n_layer"] = 1,
        ["n_positions"] = Context,
        ["n_inner"] = Hidden,
        ["vocab_size"] = Vocabulary,
        ["activation_function"] = "gelu_new",
        ["layer_norm_epsilon"] = 1e-5,
    };

    public static Dictionary<string, Tensor> Gpt2Weights(string prefix = "transformer.") => Random(new()
    {
        [prefix + "wte.weight"] = [Vocabulary, Width],
        [prefix + "wpe.weight"] = [Context, Width],
        [prefix + "h.0.ln_1.weight"] = [Width],
        [prefix + "h.0.ln_1.bias"] = [Width],
        [prefix + "h.0.attn.c_attn.weight"] = [Width, 3 * Width],
        [prefix + "h.0.attn.c_attn.bias"] = [3 * Width],
        [prefix + "h.0.attn.c_proj.weight"] = [Width, Width],
        [prefix + "h.0.attn.c_proj.bias"] = [Width],
        [prefix + "h.0.ln_2.weight"] = [Width],
        [prefix + "h.0.ln_2.bias"] = [Width],
        [prefix + "h.0.mlp.c_fc.weight"] = [Width, Hidden],
        [prefix + "h.0.mlp.c_fc.bias"] = [Hidden],
        [prefix + "h.0.mlp.c_proj.weight"] = [Hidden, Width],
        [prefix + "h.0.mlp.c_proj.bias"] = [Width],
        [prefix + "ln_f.weight"] = [Width],
        [prefix + "ln_f.bias"] = [Width],
    });

    public static JsonObject LlamaConfig() => new()
    {
        ["model_type"] = "llama",
        ["hidden_size"] = Width,
        ["num_attention_heads"] = Heads,
        ["num_key_value_heads"] = KeyValueHeads,
        ["num_hidden_layers"] = 1,
        ["intermediate_size"] = Hidden,
        ["max_position_embeddings"] = Context,
        ["vocab_size"] = Vocabulary,
        ["rms_norm_eps"] = 1e-5,
        ["hidden_act"] = "silu",
        ["rope_scaling"] = null,
    };

    public static Dictionary<string, Tensor> LlamaWeights(string prefix = "model.") => Random(new()
    {
        [prefix + "embed_tokens.weight"] = [Vocabulary, Width],
        [prefix + "layers.0.input_layernorm.weight"] = [Width],
        [prefix + "layers.0.self_attn.q_proj.weight"] = [Heads * HeadWidth, Width],
        [prefix + "layers.0.self_attn.k_proj.weight"] = [KeyValueHeads * HeadWidth, Width],
        [prefix + "layers.0.self_attn.v_proj.weight"] = [KeyValueHeads * HeadWidth, Width],
        [prefix + "layers.0.self_attn.o_proj.weight"] = [Width, Heads * HeadWidth],
        [prefix + "layers.0.post_attention_layernorm.weight"] = [Width],
        [prefix + "layers.0.mlp.gate_proj.weight"] = [Hidden, Width],
        [prefix + "layers.0.mlp.up_proj.weight"] = [Hidden, Width],
        [prefix + "layers.0.mlp.down_proj.weight"] = [Width, Hidden],
        [prefix + "norm.weight"] = [Width],
        ["lm_head.weight"] = [Vocabulary, Width],
    });

    /// <summary>A llama2.c checkpoint, the numbers 0.001, 0.002 … in the order of the file.</summary>
    public static byte[] Llama2c(bool ownClassifier, params (int Index, int Value)[] headerChanges)
    {
        int[] header = [Width, Hidden, 1, Heads, KeyValueHeads, ownClassifier ? -Vocabulary : Vocabulary, Context];
        foreach (var (index, value) in headerChanges) header[index] = value;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (var size in header) writer.Write(size);
        for (var k = 1; k <= Llama2cNumbers(ownClassifier); k++) writer.Write(k * 0.001f);
        return stream.ToArray();
    }

    public static int Llama2cNumbers(bool ownClassifier) =>
        (ownClassifier ? 2 : 1) * Vocabulary * Width + 3 * Width + 2 * Width * Heads * HeadWidth + 2 * Width * KeyValueHeads * HeadWidth
        + 3 * Width * Hidden + Context * HeadWidth;

    public static Dictionary<string, Tensor> Random(Dictionary<string, long[]> shapes, ulong seed = 0)
    {
        using var generator = new Generator(seed);
        return shapes.ToDictionary(pair => pair.Key, pair => torch.randn(pair.Value, generator: generator));
    }
}
