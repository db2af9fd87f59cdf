using System.Text.Json.Nodes;
using Interp.Loading;
using Interp.Models.Encoders;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Encoders;

/// <summary>Files that differ from what a current transformers writes: read where they mean the same, errors where not.</summary>
public sealed class BertFilesTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly string folder = Directory.CreateTempSubdirectory("interp").FullName;

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, true);
    }

    [SharedFact("fixtures/bert_pretraining")]
    public void Names_of_the_first_release_and_copies_of_tied_weights_are_read()
    {
        using var model = Load("bert_pretraining", weights =>
        {
            foreach (var name in weights.Keys.Where(n => n.Contains("LayerNorm")).ToList())
            {
                weights[name.Replace("LayerNorm.weight", "LayerNorm.gamma").Replace("LayerNorm.bias", "LayerNorm.beta")] = weights[name];
                weights.Remove(name);
            }
            weights["cls.predictions.decoder.weight"] = weights["bert.embeddings.word_embeddings.weight"].clone();
            weights["cls.predictions.decoder.bias"] = weights["cls.predictions.bias"].clone();
            weights["bert.embeddings.position_ids"] = torch.arange(32).unsqueeze(0);
        }, config => config["architectures"] = new JsonArray("BertForMaskedLM"));
        var expected = new Fixture("fixtures/bert_pretraining/expected.safetensors");
        var found = model.Forward(expected["input_ids"], new EncoderOptions { TokenTypes = expected["token_type_ids"] });
        Assert.True(Difference.Largest("logits", expected["logits"], found.Logits) < Difference.Tolerance);
        Assert.True(Difference.Largest("nsp", expected["nsp_logits"], found.NextSentence!) < Difference.Tolerance);
    }

    [SharedFact("fixtures/bert_mlm")]
    public void A_bare_model_has_no_logits_and_says_so()
    {
        using var model = Load("bert_mlm", weights =>
        {
            foreach (var name in weights.Keys.ToList())
            {
                if (name.StartsWith("bert.", StringComparison.Ordinal)) weights[name["bert.".Length..]] = weights[name];
                weights.Remove(name);
            }
        }, config => config["architectures"] = new JsonArray("BertModel"));
        var expected = new Fixture("fixtures/bert_mlm/expected.safetensors");
        var found = model.Forward(expected["input_ids"], new EncoderOptions { TokenTypes = expected["token_type_ids"] });
        Assert.True(Difference.Largest("hidden", expected["hidden_states.3"], found.Hidden) < Difference.Tolerance);
        Assert.Null(found.Pooled);
        Assert.Contains("no head", Assert.Throws<InvalidOperationException>(() => found.Logits).Message, StringComparison.Ordinal);
    }

    [SharedFact("fixtures/bert_mlm")]
    public void An_unembedding_of_its_own_is_used_only_where_the_configuration_says_so()
    {
        void Own(Dictionary<string, Tensor> weights) =>
            weights["cls.predictions.decoder.weight"] = weights["bert.embeddings.word_embeddings.weight"] * 2;
        var error = Assert.Throws<ModelLoadException>(() => Load("bert_mlm", Own, _ => { }));
        Assert.Contains("ties 'cls.predictions.decoder.weight'", error.Message, StringComparison.Ordinal);
        using var model = Load("bert_mlm", Own, config => config["tie_word_embeddings"] = false);
        Assert.Equal(0, Difference.Largest("W_U", model.W_E.t() * 2, model.W_U));
    }

    [SharedTheory("fixtures/bert_mlm")]
    [InlineData("architectures", "[\"BertForSequenceClassification\"]", "'BertForSequenceClassification' is not supported")]
    [InlineData("architectures", "[\"BertForPreTraining\"]", "has no pooler")]
    [InlineData("is_decoder", "true", "'is_decoder' is true")]
    [InlineData("position_embedding_type", "\"relative_key\"", "'position_embedding_type' is relative_key")]
    [InlineData("hidden_act", "\"gelu_10\"", "'hidden_act' is 'gelu_10'")]
    [InlineData("num_attention_heads", "5", "5 does not divide hidden_size 48")]
    [InlineData("new_setting", "1", "'new_setting' = 1")]
    [InlineData("num_hidden_layers", "2", "no place for")]
    [InlineData("num_hidden_layers", "4", "'bert.encoder.layer.3.attention.self.query.weight' is missing")]
    [InlineData("vocab_size", "68", "asks for [68, 48]")]
    public void What_does_not_fit_is_an_error_that_names_it(string setting, string value, string message)
    {
        var error = Assert.Throws<ModelLoadException>(() => Load("bert_mlm", _ => { }, config => config[setting] = JsonNode.Parse(value)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private HookedEncoder Load(string fixture, Action<Dictionary<string, Tensor>> changeWeights, Action<JsonObject> changeConfig)
    {
        var weights = new Dictionary<string, Tensor>();
        using (var file = WeightFile.Open(SharedData.Path($"fixtures/{fixture}/model.safetensors")))
            foreach (var name in file.Names) weights.Add(name, file.Load(name));
        changeWeights(weights);
        SafeTensorsWriter.Write(Path.Combine(folder, "model.safetensors"), weights);
        var config = JsonNode.Parse(File.ReadAllText(SharedData.Path($"fixtures/{fixture}/config.json")))!.AsObject();
        changeConfig(config);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        return HookedEncoder.Load(folder);
    }
}
