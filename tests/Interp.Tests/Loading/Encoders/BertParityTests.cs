using Interp.Loading;
using Interp.Models.Encoders;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Encoders;

/// <summary>Encoders in Hugging Face's layout give the numbers of transformers, and of TransformerLens by hook name.</summary>
public class BertParityTests(ITestOutputHelper output)
{
    public static TheoryData<string> Models => ["bert_mlm", "bert_nsp", "bert_pretraining", "distilbert_mlm", "roberta_mlm"];

    [SharedTheory("fixtures/bert_mlm", "fixtures/distilbert_mlm", "fixtures/roberta_mlm"), MemberData(nameof(Models))]
    public void Logits_streams_and_patterns_are_those_of_the_reference(string name)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        using var model = HookedEncoder.Load(SharedData.Path($"fixtures/{name}"));
        var (result, cache) = model.RunWithCache(expected["input_ids"], [], [], Options(expected));
        var found = new Dictionary<string, Tensor> { ["logits"] = result.Logits, ["hidden_states.0"] = cache["hook_full_embed"] };
        if (expected.Has("nsp_logits")) found.Add("nsp_logits", result.NextSentence!);
        for (var layer = 0; layer < model.Config.NLayers; layer++)
        {
            found.Add($"resid_pre.{layer}", cache["resid_pre", layer]);
            found.Add($"resid_post.{layer}", cache["normalized_resid_post", layer]);
            found.Add($"hidden_states.{layer + 1}", cache["normalized_resid_post", layer]);
            found.Add($"attn.{layer}", cache["pattern", layer]);
        }
        Compare(name, expected, found);
        var others = (string[])["input_ids", "token_type_ids", "logits_f64"];
        Assert.Empty(expected.Names.Except(found.Keys).Except(others));
        // Without a cache attention is fused: the same numbers.
        var plain = model.Forward(expected["input_ids"], Options(expected));
        Assert.True(Difference.Largest("fused", expected["logits"], plain.Logits) < Difference.Tolerance);
        Assert.Equal(0, Difference.Largest("hidden", cache["normalized_resid_post", -1], result.Hidden));
    }

    [SharedTheory("fixtures/bert_mlm", "fixtures/distilbert_mlm", "fixtures/roberta_mlm"), MemberData(nameof(Models))]
    public void In_double_precision_the_logits_agree_to_the_last_digits(string name)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        using var model = HookedEncoder.Load(SharedData.Path($"fixtures/{name}"), new LoadOptions { Dtype = ScalarType.Float64 });
        var difference = Difference.Largest("logits", expected["logits_f64"], model.Forward(expected["input_ids"], Options(expected)).Logits);
        output.WriteLine($"{name} in float64: {difference:E1}");
        Assert.True(difference < 1e-10, $"{difference}");
    }

    [SharedFact("fixtures/bert_pretraining")]
    public void Every_activation_has_the_name_shape_and_value_that_it_has_in_TransformerLens()
    {
        using var scope = torch.NewDisposeScope();
        var input = new Fixture("fixtures/bert_pretraining/expected.safetensors");
        var expected = new Fixture("fixtures/bert_pretraining/tl_cache.safetensors");
        using var model = HookedEncoder.Load(SharedData.Path("fixtures/bert_pretraining"));
        var (result, cache) = model.RunWithCache(input["input_ids"], [], [], Options(input));
        var found = expected.Names.ToDictionary(name => name, name => name == "logits" ? result.Logits : cache[name]);
        Compare("bert_pretraining", expected, found);
        string[] own = ["unembed.hook_in", "unembed.hook_out", "pooler.hook_pooler_out", "nsp_head.hook_nsp_out"];
        Assert.Equal(own, cache.Keys.Where(name => !expected.Has(name)));
    }

    [SharedTheory("fixtures/bert_mlm", "fixtures/distilbert_mlm", "fixtures/roberta_mlm"), MemberData(nameof(Models))]
    public void Padding_behind_a_text_changes_nothing_of_it(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var model = HookedEncoder.Load(SharedData.Path($"fixtures/{name}"));
        var tokens = new Fixture($"fixtures/{name}/expected.safetensors")["input_ids"];
        var alone = model.Forward(tokens[.., 0..7]);
        var padded = tokens.clone();
        padded[.., 7..12].fill_(model.Config.PositionPadding ?? 0);
        var mask = torch.ones_like(tokens);
        mask[.., 7..12].fill_(0);
        foreach (var names in new[] { "hook_full_embed", "blocks.*.attn.hook_pattern" })
        {
            var (together, cache) = model.RunWithCache(padded, [names], [], new EncoderOptions { PaddingMask = mask });
            var difference = Difference.Largest(name, alone.Hidden, together.Hidden[.., 0..7]);
            output.WriteLine($"{name} padded: {difference:E1}");
            Assert.True(difference < 1e-5, $"{difference}");
            if (names != "hook_full_embed") Assert.Equal(0, cache["pattern", 0][.., .., .., 7..12].abs().max().ToSingle());
        }
        Assert.True(Difference.Largest(name, alone.Hidden, model.Forward(padded).Hidden[.., 0..7]) > 1e-3, "the mask changed nothing");
    }

    [SharedFact("fixtures/bert_mlm")]
    public void HookedTransformer_names_the_class_that_loads_an_encoder()
    {
        var error = Assert.Throws<ModelLoadException>(() => ModelLoader.Load(SharedData.Path("fixtures/bert_mlm")));
        Assert.Contains("model_type 'bert' is not supported", error.Message, StringComparison.Ordinal);
        Assert.Contains("use HookedEncoder.Load", error.Message, StringComparison.Ordinal);
    }

    [SharedFact("fixtures/gpt2")]
    public void A_model_that_is_no_encoder_is_an_error_that_names_what_loads_it()
    {
        var error = Assert.Throws<ModelLoadException>(() => HookedEncoder.Load(SharedData.Path("fixtures/gpt2")));
        Assert.Contains("HookedEncoder.Load does not support model_type 'gpt2'", error.Message, StringComparison.Ordinal);
        Assert.Contains("HookedTransformer.Load", error.Message, StringComparison.Ordinal);
    }

    private static EncoderOptions Options(Fixture expected) =>
        new() { TokenTypes = expected.Has("token_type_ids") ? expected["token_type_ids"] : null };

    private void Compare(string model, Fixture expected, Dictionary<string, Tensor> found)
    {
        var (worst, where) = (0.0, "");
        foreach (var (name, tensor) in found)
        {
            var difference = Difference.Largest(name, expected[name], tensor);
            if (difference >= worst) (worst, where) = (difference, name);
        }
        output.WriteLine($"{model}: {found.Count} tensors, largest difference {worst:E1} at {where}");
        Assert.True(worst < Difference.Tolerance, $"{where}: {worst}");
    }
}
