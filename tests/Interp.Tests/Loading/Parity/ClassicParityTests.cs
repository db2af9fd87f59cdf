using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Parity;

/// <summary>Every activation has the name, shape and value that it has in TransformerLens.</summary>
public class ClassicParityTests(ITestOutputHelper output)
{
    [SharedTheory("fixtures/tl_attn_only_noLN_2L")]
    [InlineData("tl_attn_only_noLN_2L")]
    [InlineData("tl_bidirectional_relu_2L")]
    [InlineData("tl_gelu_fast_LNPre_2L")]
    [InlineData("tl_rms_gated_rotary_gqa_2L")]
    [InlineData("tl_rotary_partial_adjacent_parallel_2L")]
    [InlineData("tl_modadd_1L")]
    [InlineData("tl_alibi_postembed_ln_2L")]
    [InlineData("tl_attn_only_shortformer_2L")]
    [InlineData("tl_local_global_window4_inverse_layer_scale_2L")]
    [InlineData("tl_moe_4experts_2L")]
    [InlineData("tl_qk_norm_softcap_2L")]
    [InlineData("tl_solu_ln_2L")]
    public void A_classic_state_dict_gives_the_whole_cache(string name)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        using var model = HookedTransformer.Load(SharedData.Path($"fixtures/{name}"));
        CompareCache(model, expected, expected["input_ids"]);
    }

    [SharedTheory("fixtures/gpt2", "fixtures/llama_gqa", "fixtures/gemma2")]
    [InlineData("gpt2")]
    [InlineData("llama_gqa")]
    [InlineData("llama_mha")]
    [InlineData("llama3_ropescaled")]
    [InlineData("mistral")]
    [InlineData("mixtral")]
    [InlineData("qwen2")]
    [InlineData("gemma")]
    [InlineData("gemma2")]
    [InlineData("phi")]
    [InlineData("phi3")]
    [InlineData("gpt_neo")]
    [InlineData("gptj")]
    [InlineData("gpt_neox_pythia")]
    [InlineData("gpt_neox_sequential")]
    [InlineData("opt")]
    [InlineData("bloom")]
    public void A_model_of_Hugging_Face_gives_the_whole_cache(string name)
    {
        using var scope = torch.NewDisposeScope();
        var tokens = new Fixture($"fixtures/{name}/expected.safetensors")["input_ids"];
        using var model = HookedTransformer.Load(SharedData.Path($"fixtures/{name}"));
        CompareCache(model, new Fixture($"fixtures/{name}/tl_cache.safetensors"), tokens);
    }

    [SharedTheory("fixtures/bert_mlm", "fixtures/t5")]
    [InlineData("bert_mlm", "model_type 'bert' is not supported")]
    [InlineData("t5", "model_type 't5' is not supported")]
    public void What_is_not_supported_is_an_error_that_names_the_setting(string name, string message)
    {
        var error = Assert.Throws<ModelLoadException>(() => HookedTransformer.Load(SharedData.Path($"fixtures/{name}")));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private void CompareCache(HookedTransformer model, Fixture expected, Tensor tokens)
    {
        var (logits, cache) = model.RunWithCache(tokens);
        var (worst, where) = (Difference.Largest("logits", expected["logits"], logits), "logits");
        foreach (var name in expected.Names.Where(n => n is not ("logits" or "input_ids")))
        {
            Assert.True(cache.ContainsKey(name), $"no '{name}' in the cache");
            // The reference flattens batch, position and head for the norms of queries and keys.
            var reference = name.Contains("_norm.", StringComparison.Ordinal) ? expected[name].view(cache[name].shape) : expected[name];
            var difference = Difference.Largest(name, reference, cache[name]);
            if (difference > worst) (worst, where) = (difference, name);
        }
        output.WriteLine($"{model.Config.ModelName}: {cache.Count} activations, largest difference {worst:E1} at {where}; " +
            $"not in the reference: {string.Join(", ", cache.Keys.Where(n => !expected.Has(n)))}");
        Assert.True(worst < Difference.Tolerance, $"{where}: {worst}");
        // Names of our own are the two ends of the unembedding and what shortformer's queries and keys read.
        Assert.All(cache.Keys.Where(n => !expected.Has(n)), n => Assert.Matches("^unembed\\.|\\.hook_attn_input$", n));
    }
}
