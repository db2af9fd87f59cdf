using System.Text.Json;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>A temporary folder with random weights of a model in Hugging Face's layout, whole or in shards.</summary>
internal sealed class ModelFolder : IDisposable
{
    private ModelFolder(string config, IEnumerable<(string Name, long[] Shape)> shapes, int shards, ScalarType dtype)
    {
        Path = Directory.CreateTempSubdirectory("interp-load").FullName;
        File.WriteAllText(System.IO.Path.Combine(Path, "config.json"), config);
        using var generator = new Generator(0);
        var names = shapes.ToList();
        var map = new Dictionary<string, string>();
        for (var shard = 0; shard < shards; shard++)
        {
            var file = shards == 1 ? "model.safetensors" : $"model-{shard + 1:00000}-of-{shards:00000}.safetensors";
            using var scope = torch.NewDisposeScope();
            var part = names.Where((_, at) => at * shards / names.Count == shard)
                .ToDictionary(pair => pair.Name, pair => (torch.randn(pair.Shape, generator: generator) * 0.02).to(dtype));
            SafeTensorsWriter.Write(System.IO.Path.Combine(Path, file), part);
            foreach (var name in part.Keys) map.Add(name, file);
        }
        Bytes = Directory.EnumerateFiles(Path, "*.safetensors").Sum(file => new FileInfo(file).Length);
        if (shards == 1) return;
        var index = new { metadata = new { total_size = Bytes }, weight_map = map };
        File.WriteAllText(System.IO.Path.Combine(Path, "model.safetensors.index.json"), JsonSerializer.Serialize(index));
    }

    /// <summary>The folder.</summary>
    internal string Path { get; }

    /// <summary>The size of the weights' files.</summary>
    internal long Bytes { get; }

    /// <summary>
    /// GPT-2, by default the small one. Its matrices are stored as the toolkit wants them: nothing has to be copied.
    /// </summary>
    internal static ModelFolder Gpt2(int shards = 1, ScalarType dtype = ScalarType.Float32, int width = 768, int layers = 12, int vocabulary = 50257)
    {
        const int context = 1024;
        var config = $$"""
            {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "activation_function": "gelu_new", "n_embd": {{width}},
             "n_head": {{width / 64}}, "n_layer": {{layers}}, "n_positions": {{context}}, "n_ctx": {{context}},
             "vocab_size": {{vocabulary}}, "layer_norm_epsilon": 1e-5}
            """;
        return new ModelFolder(config, Shapes(), shards, dtype);

        IEnumerable<(string, long[])> Shapes()
        {
            yield return ("transformer.wte.weight", [vocabulary, width]);
            yield return ("transformer.wpe.weight", [context, width]);
            for (var layer = 0; layer < layers; layer++)
                foreach (var (name, shape) in Gpt2Block(width)) yield return ($"transformer.h.{layer}.{name}", shape);
            yield return ("transformer.ln_f.weight", [width]);
            yield return ("transformer.ln_f.bias", [width]);
        }
    }

    /// <summary>Llama with a third as many heads of keys and values; queries, keys and values are apart in the file and one in memory.</summary>
    internal static ModelFolder Llama(int width = 768, int layers = 12, int vocabulary = 32000)
    {
        var (heads, keyHeads, hidden) = (width / 64, width / 64 / 3, 8 * width / 3);
        var config = $$"""
            {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_act": "silu", "hidden_size": {{width}},
             "intermediate_size": {{hidden}}, "num_attention_heads": {{heads}}, "num_key_value_heads": {{keyHeads}},
             "num_hidden_layers": {{layers}}, "max_position_embeddings": 2048, "vocab_size": {{vocabulary}},
             "rms_norm_eps": 1e-5, "tie_word_embeddings": false}
            """;
        return new ModelFolder(config, Shapes(), 1, ScalarType.Float32);

        IEnumerable<(string, long[])> Shapes()
        {
            yield return ("model.embed_tokens.weight", [vocabulary, width]);
            for (var layer = 0; layer < layers; layer++)
                foreach (var (name, shape) in LlamaBlock(width, 64 * keyHeads, hidden)) yield return ($"model.layers.{layer}.{name}.weight", shape);
            yield return ("model.norm.weight", [width]);
            yield return ("lm_head.weight", [vocabulary, width]);
        }
    }

    /// <summary>The share of a Llama file that is copied: queries, keys and values of every layer.</summary>
    internal static long FusedBytes(int width, int layers) => 4L * layers * width * (width + 2 * (width / 64 / 3) * 64);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static (string Name, long[] Shape)[] Gpt2Block(long width) =>
    [
        ("ln_1.weight", [width]), ("ln_1.bias", [width]),
        ("attn.c_attn.weight", [width, 3 * width]), ("attn.c_attn.bias", [3 * width]),
        ("attn.c_proj.weight", [width, width]), ("attn.c_proj.bias", [width]),
        ("ln_2.weight", [width]), ("ln_2.bias", [width]),
        ("mlp.c_fc.weight", [width, 4 * width]), ("mlp.c_fc.bias", [4 * width]),
        ("mlp.c_proj.weight", [4 * width, width]), ("mlp.c_proj.bias", [width]),
    ];

    private static (string Name, long[] Shape)[] LlamaBlock(long width, long keys, long hidden) =>
    [
        ("input_layernorm", [width]), ("post_attention_layernorm", [width]),
        ("self_attn.q_proj", [width, width]), ("self_attn.k_proj", [keys, width]), ("self_attn.v_proj", [keys, width]),
        ("self_attn.o_proj", [width, width]),
        ("mlp.gate_proj", [hidden, width]), ("mlp.up_proj", [hidden, width]), ("mlp.down_proj", [width, hidden]),
    ];
}
