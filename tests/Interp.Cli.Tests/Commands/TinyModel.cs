using System.Text.Json;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Commands;

/// <summary>A folder with a random two-layer model of six named tokens, and room for the files of a test.</summary>
public sealed class TinyModel : IDisposable
{
    public const int Layers = 2, Heads = 2, DModel = 8, DHead = 4, Context = 12;
    public static readonly string[] Vocabulary = ["<s>", "red", "green", "blue", "dark grey", "a,b"];

    public TinyModel()
    {
        Folder = Directory.CreateTempSubdirectory("interp-tiny-").FullName;
        using var scope = torch.NewDisposeScope();
        using var generator = new Generator(1);
        Tensor Random(params long[] shape) => torch.randn(shape, generator: generator) * 0.4;
        var weights = new Dictionary<string, Tensor>
        {
            ["embed.W_E"] = Random(Vocabulary.Length, DModel),
            ["pos_embed.W_pos"] = Random(Context, DModel),
            ["unembed.W_U"] = Random(DModel, Vocabulary.Length),
        };
        for (var layer = 0; layer < Layers; layer++)
        {
            foreach (var name in new[] { "W_Q", "W_K", "W_V" })
                weights[$"blocks.{layer}.attn.{name}"] = Random(Heads, DModel, DHead);
            weights[$"blocks.{layer}.attn.W_O"] = Random(Heads, DHead, DModel);
        }

        SafeTensorsWriter.Write(PathOf("model.safetensors"), weights);
        File.WriteAllText(PathOf("config.json"), $$"""
            {"model_name": "tiny", "n_layers": {{Layers}}, "d_model": {{DModel}}, "n_heads": {{Heads}}, "d_head": {{DHead}},
             "n_ctx": {{Context}}, "d_vocab": {{Vocabulary.Length}}, "attn_only": true, "normalization_type": null}
            """);
        File.WriteAllText(PathOf("token_mappings.json"),
            JsonSerializer.Serialize(Vocabulary.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id)));
        File.WriteAllText(PathOf("tokenizer_config.json"), """{"bos_token": "<s>"}""");
    }

    public string Folder { get; }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
