using System.Text.Json.Nodes;
using Interp.Sae.Formats;
using Interp.Sae.Tests.Dictionaries;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Formats;

/// <summary>Files from strangers: one error that names the file, the place and what was expected.</summary>
public class BadDictionaryTests
{
    [Theory]
    [InlineData("surprise", "1", "surprise")]
    [InlineData("architecture", "\"temporal\"", "temporal")]
    [InlineData("normalize_activations", "\"batch_norm\"", "batch_norm")]
    [InlineData("normalize_activations", "\"expected_average_only_in\"", "activation_scaler.json")]
    [InlineData("normalize_activations", "true", "activation_scaler.json")]
    [InlineData("normalize_activations", "3", "it is 3")]
    [InlineData("d_in", "7", "[6, 16]")]
    [InlineData("d_in", "-1", "-1")]
    [InlineData("d_sae", "99999999999", "99999999999")]
    [InlineData("d_sae", "2000000000", "2000000000")]
    [InlineData("apply_b_dec_to_input", "\"yes\"", "true or false")]
    [InlineData("activation_fn_str", "\"tanh-relu\"", "tanh-relu")]
    [InlineData("finetuning_scaling_factor", "true", "scaling_factor")]
    [InlineData("hook_head_index", "3", "head 3")]
    [InlineData("dtype", "\"int8\"", "int8")]
    [InlineData("reshape_activations", "\"hook_q\"", "hook_q")]
    [InlineData("metadata", "[]", "object")]
    [InlineData("architecture", "\"gated\"", "b_gate")]
    [InlineData("architecture", "\"topk\"", "k")]
    public void A_setting_that_is_unknown_or_does_not_fit_is_an_error(string key, string value, string named)
    {
        using var folder = new TemporaryFolder();
        using var d = Kinds.Create("standard");
        SaeLensFormat.Save(d, folder.Path);
        var config = JsonNode.Parse(File.ReadAllText(folder["cfg.json"]))!.AsObject();
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(folder["cfg.json"], config.ToJsonString());
        var message = Assert.Throws<WeightsFormatException>(() => DictionaryFile.Load(folder.Path)).Message;
        Assert.Contains(named, message);
        Assert.Contains(folder.Path, message);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[1]", "JSON Array")]
    [InlineData("{\"d_in\": 6, \"d_in\": 7}", "twice")]
    [InlineData("{\"d_in\": 6", "not JSON")]
    [InlineData("{}", "d_in")]
    [InlineData("{\"\\ud800\": 6}", "no text")]
    [InlineData("{\"architecture\": \"\\ud800\", \"d_in\": 6, \"d_sae\": 16}", "no text")]
    public void Settings_that_are_no_settings_are_an_error(string text, string named)
    {
        using var folder = new TemporaryFolder();
        using var d = Kinds.Create("standard");
        SaeLensFormat.Save(d, folder.Path);
        File.WriteAllText(folder["cfg.json"], text);
        Assert.Contains(named, Assert.Throws<WeightsFormatException>(() => DictionaryFile.Load(folder.Path)).Message);
        File.Delete(folder["cfg.json"]);
        Assert.Contains("missing", Assert.Throws<WeightsFormatException>(() =>
            DictionaryFile.Load(folder.Path)).Message);
    }

    [Fact]
    public void A_tensor_too_many_too_few_or_of_integers_is_an_error()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var d = Kinds.Create("standard");
        SaeLensFormat.Save(d, folder.Path);
        var path = folder["sae_weights.safetensors"];
        var good = d.Weights.ToDictionary(pair => pair.Name, pair => pair.Tensor);
        string Message(Action<Dictionary<string, Tensor>> spoil)
        {
            var tensors = new Dictionary<string, Tensor>(good);
            spoil(tensors);
            SafeTensorsWriter.Write(path, tensors);
            return Assert.Throws<WeightsFormatException>(() => DictionaryFile.Load(folder.Path)).Message;
        }

        Assert.Contains("W_extra", Message(t => t["W_extra"] = torch.zeros([2])));
        Assert.Contains("b_enc: it is missing", Message(t => t.Remove("b_enc")));
        Assert.Contains("real floats", Message(t => t["b_enc"] = torch.zeros([16], ScalarType.Int64)));
        Assert.Contains("[16, 7]", Message(t => t["W_dec"] = torch.zeros([16, 7])));
        Assert.Contains("scaling_factor", Message(t => t["scaling_factor"] = torch.full([16], 2.0)));
        SafeTensorsWriter.Write(path, new Dictionary<string, Tensor>(good) { ["scaling_factor"] = torch.ones([16]) });
        DictionaryFile.Load(folder.Path).Dispose();
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..100]);
        Assert.Throws<WeightsFormatException>(() => DictionaryFile.Load(folder.Path));
    }

    [Theory]
    [InlineData("activation", "\"groupmax\"", "groupmax")]
    [InlineData("skip_connection", "true", "transcode")]
    [InlineData("k", "17", "k 17")]
    [InlineData("other", "1", "other")]
    public void Settings_of_sparsify_that_are_not_computed_are_an_error(string key, string value, string named)
    {
        using var folder = new TemporaryFolder();
        using var d = Kinds.Create("topk");
        SparsifyFormat.Save(d, folder.Path);
        var config = JsonNode.Parse(File.ReadAllText(folder["cfg.json"]))!.AsObject();
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(folder["cfg.json"], config.ToJsonString());
        Assert.Contains(named, Assert.Throws<WeightsFormatException>(() => DictionaryFile.Load(folder.Path)).Message);
    }

    [Fact]
    public void Other_tensors_and_a_k_that_is_none_are_errors()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        SafeTensorsWriter.Write(folder["ae.pt"], new Dictionary<string, Tensor> { ["weight"] = torch.zeros([2, 2]) });
        Assert.Contains("weight", Assert.Throws<WeightsFormatException>(() =>
            DictionaryFile.Load(folder.Path)).Message);
        SafeTensorsWriter.Write(folder["ae.pt"], new Dictionary<string, Tensor>
        {
            ["encoder.weight"] = torch.zeros([8, 2]),
            ["encoder.bias"] = torch.zeros([8]),
            ["decoder.weight"] = torch.zeros([2, 8]),
            ["b_dec"] = torch.zeros([2]),
            ["k"] = torch.tensor(2.5),
            ["threshold"] = torch.tensor(0.1),
        });
        Assert.Contains("2.5", Assert.Throws<WeightsFormatException>(() =>
            DictionaryLearningFormat.Load(folder["ae.pt"], "BatchTopKSAE")).Message);
        Assert.Contains("holds no dictionary", Assert.Throws<FileNotFoundException>(() =>
            DictionaryFile.Load(folder["nowhere"])).Message);
    }
}
