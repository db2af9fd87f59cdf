using System.Text.Json.Nodes;
using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using Interp.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading;

public class ModelLoaderTests
{
    [Fact]
    public void A_model_in_shards_is_loaded_through_their_index()
    {
        using var scope = torch.NewDisposeScope();
        var weights = TinyModels.Gpt2Weights();
        var halves = weights.Chunk(9).Select((half, k) => (Name: $"model-{k}.safetensors", Weights: half.ToDictionary(pair => pair.Key, pair => pair.Value)));
        using var folder = new TestFolder().Config(TinyModels.Gpt2Config());
        var map = new JsonObject();
        foreach (var (name, half) in halves)
        {
            folder.Weights(half, name);
            foreach (var weight in half.Keys) map.Add(weight, name);
        }
        folder.Text("model.safetensors.index.json", new JsonObject { ["metadata"] = new JsonObject(), ["weight_map"] = map }.ToJsonString());
        using var model = HookedTransformer.Load(folder.Root);
        Assert.True(model.W_E.Equals(weights["transformer.wte.weight"]));
        Assert.True(model.Weights.LnFinal!.Bias!.Equals(weights["transformer.ln_f.bias"]));
    }

    [Fact]
    public void A_file_of_weights_is_loaded_with_the_configuration_beside_it()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.Gpt2Config()).Weights(TinyModels.Gpt2Weights());
        using var model = HookedTransformer.Load(folder.At("model.safetensors"));
        Assert.Equal("model", model.Config.ModelName);
    }

    [Fact]
    public void A_tokenizer_of_a_kind_that_is_not_supported_can_be_left_out()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.Gpt2Config()).Weights(TinyModels.Gpt2Weights())
            .Text("tokenizer.json", "{\"model\":{\"type\":\"Telepathy\"}}");
        Assert.Throws<TokenizerFormatException>(() => HookedTransformer.Load(folder.Root));
        using var model = HookedTransformer.Load(folder.Root, new LoadOptions { LoadTokenizer = false });
        Assert.Null(model.Tokenizer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_weight_must_be_there_with_its_shape(bool llama)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(llama ? TinyModels.LlamaConfig() : TinyModels.Gpt2Config());
        var weights = llama ? TinyModels.LlamaWeights() : TinyModels.Gpt2Weights();
        foreach (var (name, weight) in weights.ToList())
        {
            // Without the embedding the prefix of all names is unknown, so another name may be the first that is missed.
            var said = name.Contains("wte", StringComparison.Ordinal) || name.Contains("embed", StringComparison.Ordinal) ? "is missing" : $"weight '{name}' is missing";
            weights.Remove(name);
            Fails(said);
            weights[name] = weight.unsqueeze(0);
            Fails($"weight '{name}' has the shape [1, {string.Join(", ", weight.shape)}]");
            weights[name] = weight;
        }

        void Fails(string message)
        {
            var error = Assert.Throws<ModelLoadException>(() => HookedTransformer.Load(folder.Weights(weights).Root));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }
}
