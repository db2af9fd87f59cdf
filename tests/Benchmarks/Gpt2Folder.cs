using System.Text.Json;
using Interp.Torch;
using Interp.Weights;

namespace Interp.Benchmarks;

/// <summary>A temporary folder with random weights of GPT-2 small in Hugging Face's layout, whole or in shards.</summary>
internal sealed class Gpt2Folder : IDisposable
{
    private const int Width = 768;
    private const int Layers = 12;
    private const int Vocabulary = 50257;
    private const int Context = 1024;

    private const string Config = """
        {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "activation_function": "gelu_new", "n_embd": 768, "n_head": 12,
         "n_layer": 12, "n_positions": 1024, "n_ctx": 1024, "vocab_size": 50257, "layer_norm_epsilon": 1e-5}
        """;

    /// <param name="shards">The number of files; with more than one there is an index.</param>
    internal Gpt2Folder(int shards)
    {
        Path = Directory.CreateTempSubdirectory("interp-load").FullName;
        File.WriteAllText(System.IO.Path.Combine(Path, "config.json"), Config);
        using var generator = new Generator(0);
        var names = Shapes().ToList();
        var map = new Dictionary<string, string>();
        for (var shard = 0; shard < shards; shard++)
        {
            var file = shards == 1 ? "model.safetensors" : $"model-{shard + 1:00000}-of-{shards:00000}.safetensors";
            using var scope = torch.NewDisposeScope();
            var part = names.Where((_, at) => at * shards / names.Count == shard)
                .ToDictionary(pair => pair.Name, pair => torch.randn(pair.Shape, generator) * 0.02);
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

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static IEnumerable<(string Name, long[] Shape)> Shapes()
    {
        yield return ("transformer.wte.weight", [Vocabulary, Width]);
        yield return ("transformer.wpe.weight", [Context, Width]);
        for (var layer = 0; layer < Layers; layer++)
            foreach (var (name, shape) in Block()) yield return ($"transformer.h.{layer}.{name}", shape);
        yield return ("transformer.ln_f.weight", [Width]);
        yield return ("transformer.ln_f.bias", [Width]);
    }

    private static (string Name, long[] Shape)[] Block() =>
    [
        ("ln_1.weight", [Width]), ("ln_1.bias", [Width]),
        ("attn.c_attn.weight", [Width, 3 * Width]), ("attn.c_attn.bias", [3 * Width]),
        ("attn.c_proj.weight", [Width, Width]), ("attn.c_proj.bias", [Width]),
        ("ln_2.weight", [Width]), ("ln_2.bias", [Width]),
        ("mlp.c_fc.weight", [Width, 4 * Width]), ("mlp.c_fc.bias", [4 * Width]),
        ("mlp.c_proj.weight", [4 * Width, Width]), ("mlp.c_proj.bias", [Width]),
    ];
}
