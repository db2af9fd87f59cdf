using System.Text.Json.Nodes;
using Interp.Loading;
using Interp.Models.Encoders;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using Interp.Weights;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Encoders;

/// <summary>T5 in Hugging Face's layout gives the numbers of transformers, a causal decoder included.</summary>
public sealed class T5ParityTests(ITestOutputHelper output) : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly string folder = Directory.CreateTempSubdirectory("interp").FullName;

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, true);
    }

    [SharedFact("fixtures/t5")]
    public void Logits_streams_and_patterns_are_those_of_the_reference()
    {
        var expected = new Fixture("fixtures/t5/expected.safetensors");
        using var model = HookedEncoderDecoder.Load(SharedData.Path("fixtures/t5"));
        var (result, cache) = model.RunWithCache(expected["input_ids"], expected["decoder_input_ids"]);
        var found = new Dictionary<string, Tensor>
        {
            ["logits"] = result.Logits,
            ["encoder_hidden_states.2"] = result.EncoderHidden,
            // The reference's last state is before the scale of tied logits.
            ["decoder_hidden_states.2"] = cache["unembed.hook_in"] * Math.Sqrt(model.Config.DModel),
        };
        for (var layer = 0; layer < 2; layer++)
        {
            found.Add($"encoder_hidden_states.{layer}", cache[$"encoder.{layer}.hook_resid_pre"]);
            found.Add($"decoder_hidden_states.{layer}", cache[$"decoder.{layer}.hook_resid_pre"]);
            found.Add($"encoder_attn.{layer}", cache[$"encoder.{layer}.attn.hook_pattern"]);
            found.Add($"decoder_attn.{layer}", cache[$"decoder.{layer}.attn.hook_pattern"]);
            found.Add($"cross_attn.{layer}", cache[$"decoder.{layer}.cross_attn.hook_pattern"]);
        }
        var worst = found.Select(pair => (pair.Key, Apart: Difference.Largest(pair.Key, expected[pair.Key], pair.Value))).MaxBy(pair => pair.Apart);
        output.WriteLine($"t5: {found.Count} tensors, largest difference {worst.Apart:E1} at {worst.Key}");
        Assert.True(worst.Apart < Difference.Tolerance, $"{worst}");
        var left = expected.Names.Where(n => !found.ContainsKey(n) && n is not ("input_ids" or "decoder_input_ids" or "logits_f64"));
        Assert.Empty(left);
        // Without a cache cross attention is fused: the same numbers.
        var plain = model.Forward(expected["input_ids"], expected["decoder_input_ids"]);
        Assert.True(Difference.Largest("fused", expected["logits"], plain.Logits) < Difference.Tolerance);
    }

    [SharedFact("fixtures/t5")]
    public void In_double_precision_the_logits_agree_to_the_last_digits()
    {
        var expected = new Fixture("fixtures/t5/expected.safetensors");
        using var model = HookedEncoderDecoder.Load(SharedData.Path("fixtures/t5"), new LoadOptions { Dtype = ScalarType.Float64 });
        var found = model.Forward(expected["input_ids"], expected["decoder_input_ids"]).Logits;
        var difference = Difference.Largest("logits", expected["logits_f64"], found);
        output.WriteLine($"t5 in float64: {difference:E1}");
        // The reference takes the mean square of its norms in single precision whatever the model's type.
        Assert.True(difference < 1e-6, $"{difference}");
    }

    [SharedFact("fixtures/t5")]
    public void Padding_behind_the_text_and_later_tokens_of_the_decoder_change_nothing_before()
    {
        var input = new Fixture("fixtures/t5/expected.safetensors");
        using var model = HookedEncoderDecoder.Load(SharedData.Path("fixtures/t5"));
        var (tokens, written) = (input["input_ids"], input["decoder_input_ids"]);
        var alone = model.Forward(tokens[.., 0..8], written[.., 0..4]);
        var padded = tokens.clone();
        padded[.., 8..12].fill_(0);
        var mask = torch.ones_like(tokens);
        mask[.., 8..12].fill_(0);
        var together = model.Forward(padded, written, new EncoderDecoderOptions { PaddingMask = mask });
        Assert.True(Difference.Largest("logits", alone.Logits, together.Logits[.., 0..4]) < 1e-5);
        Assert.True(Difference.Largest("hidden", alone.EncoderHidden, together.EncoderHidden[.., 0..8]) < 1e-5);
        Assert.True(Difference.Largest("unmasked", alone.Logits, model.Forward(padded, written).Logits[.., 0..4]) > 1e-4);
    }

    [SharedFact("fixtures/t5")]
    public void Gated_and_untied_files_of_version_1_1_are_read()
    {
        using var model = Load(weights =>
        {
            foreach (var name in weights.Keys.Where(n => n.EndsWith(".wi.weight", StringComparison.Ordinal)).ToList())
            {
                weights[name.Replace(".wi.", ".wi_0.")] = weights[name];
                weights[name.Replace(".wi.", ".wi_1.")] = weights[name] * 0.5;
                weights.Remove(name);
            }
            weights["lm_head.weight"] = weights["shared.weight"] * 2;
            weights["encoder.embed_tokens.weight"] = weights["shared.weight"].clone();
        }, ("feed_forward_proj", "\"gated-gelu\""), ("is_gated_act", "true"), ("dense_act_fn", "\"gelu_new\""), ("tie_word_embeddings", "false"));
        var input = new Fixture("fixtures/t5/expected.safetensors");
        var (result, cache) = model.RunWithCache(input["input_ids"], input["decoder_input_ids"]);
        var (pre, linear) = (cache["decoder.1.mlp.hook_pre"], cache["decoder.1.mlp.hook_pre_linear"]);
        Assert.True(Difference.Largest("gate", pre * 0.5, linear) < 1e-6);
        Assert.True(Difference.Largest("post", pre.gelu(TorchSharp.Modules.GELU.Approximate.tanh) * linear, cache["decoder.1.mlp.hook_post"]) < 1e-6);
        var normalized = cache["decoder_final_ln.hook_normalized"] * model.Weights.Decoder.FinalNorm.Weight!;
        Assert.True(Difference.Largest("logits", normalized.MatMul(model.Weights.Embed.t() * 2), result.Logits) < 1e-5);
    }

    [SharedTheory("fixtures/t5")]
    [InlineData("feed_forward_proj", "\"gated-tanh\"", "'feed_forward_proj' is 'gated-tanh'")]
    [InlineData("is_gated_act", "true", "'is_gated_act' is true")]
    [InlineData("architectures", "[\"T5EncoderModel\"]", "T5EncoderModel")]
    [InlineData("is_encoder_decoder", "false", "'is_encoder_decoder' is false")]
    [InlineData("num_decoder_layers", "1", "no place for")]
    [InlineData("relative_attention_num_buckets", "16", "asks for [16, 4]")]
    [InlineData("relative_attention_max_distance", "8", "RelativeAttentionMaxDistance is 8")]
    [InlineData("model_type", "\"bart\"", "does not support model_type 'bart'")]
    public void What_does_not_fit_is_an_error_that_names_it(string setting, string value, string message)
    {
        var error = Assert.Throws<ModelLoadException>(() => Load(_ => { }, (setting, value)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [SharedFact("fixtures/t5", "fixtures/bert_mlm")]
    public void Every_loader_names_the_class_that_loads_the_model()
    {
        void Error(string message, Action load) =>
            Assert.Contains(message, Assert.Throws<ModelLoadException>(load).Message, StringComparison.Ordinal);
        Error("use HookedEncoderDecoder.Load", () => ModelLoader.Load(SharedData.Path("fixtures/t5")));
        Error("use HookedEncoderDecoder.Load", () => HookedEncoder.Load(SharedData.Path("fixtures/t5")));
        Error("use HookedEncoder.Load", () => HookedEncoderDecoder.Load(SharedData.Path("fixtures/bert_mlm")));
    }

    private HookedEncoderDecoder Load(Action<Dictionary<string, Tensor>> changeWeights, params (string Setting, string Value)[] settings)
    {
        var weights = new Dictionary<string, Tensor>();
        using (var file = WeightFile.Open(SharedData.Path("fixtures/t5/model.safetensors")))
            foreach (var name in file.Names) weights.Add(name, file.Load(name));
        changeWeights(weights);
        SafeTensorsWriter.Write(Path.Combine(folder, "model.safetensors"), weights);
        var config = JsonNode.Parse(File.ReadAllText(SharedData.Path("fixtures/t5/config.json")))!.AsObject();
        foreach (var (setting, value) in settings) config[setting] = JsonNode.Parse(value);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        return HookedEncoderDecoder.Load(folder);
    }
}
