using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Parity;

/// <summary>Models in Hugging Face's layout give the numbers of transformers.</summary>
public class HuggingFaceParityTests(ITestOutputHelper output)
{
    [SharedTheory("fixtures/gpt2", "fixtures/llama_gqa", "fixtures/llama_mha")]
    [InlineData("gpt2")]
    [InlineData("llama_gqa")]
    [InlineData("llama_mha")]
    public void Logits_streams_patterns_and_losses_are_those_of_the_reference(string name)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        using var model = Load(name);
        var tokens = expected["input_ids"];
        var (logits, cache) = model.RunWithCache(tokens);
        var found = new Dictionary<string, Tensor>
        {
            ["logits"] = logits,
            ["loss_per_token"] = HookedTransformer.LossPerToken(logits, tokens),
            [$"hidden_states.{model.Config.NLayers}"] = cache["unembed.hook_in"],
        };
        for (var layer = 0; layer < model.Config.NLayers; layer++)
        {
            found.Add($"resid_pre.{layer}", cache["resid_pre", layer]);
            found.Add($"resid_post.{layer}", cache["resid_post", layer]);
            found.Add($"attn.{layer}", cache["pattern", layer]);
            found.Add($"hidden_states.{layer}", cache["resid_pre", layer]);
        }
        Compare(expected, found);
        string[] elsewhere = ["input_ids", "logits_f64", "greedy6", "leftpad."];
        var left = expected.Names.Where(n => !found.ContainsKey(n) && !elsewhere.Any(n.StartsWith));
        Assert.Empty(left);
    }

    [SharedTheory("fixtures/gpt2", "fixtures/llama_gqa", "fixtures/llama_mha")]
    [InlineData("gpt2", 1e-10)]
    // The reference's RMSNorm and rotary angles are computed in single precision whatever the model's type.
    [InlineData("llama_gqa", 1e-5)]
    [InlineData("llama_mha", 1e-5)]
    public void In_double_precision_the_logits_agree_as_far_as_the_reference_is_double(string name, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        using var model = Load(name, new LoadOptions { Dtype = ScalarType.Float64 });
        var difference = Difference.Largest("logits", expected["logits_f64"], model.Forward(expected["input_ids"]));
        output.WriteLine($"{name} in float64: {difference:E1}");
        Assert.True(difference < tolerance, $"{difference}");
    }

    [SharedTheory("fixtures/gpt2", "fixtures/llama_gqa", "fixtures/llama_mha")]
    [InlineData("gpt2")]
    [InlineData("llama_gqa")]
    [InlineData("llama_mha")]
    public void Padding_on_the_left_changes_nothing_that_is_real(string name)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        using var model = Load(name);
        var mask = expected["leftpad.attention_mask"];
        var logits = model.Forward(expected["leftpad.input_ids"], new ForwardOptions { PaddingMask = mask });
        var real = mask.unsqueeze(-1);
        var difference = Difference.Largest("leftpad.logits", expected["leftpad.logits"] * real, logits * real);
        output.WriteLine($"{name} padded on the left: {difference:E1}");
        Assert.True(difference < Difference.Tolerance, $"{difference}");
    }

    [SharedTheory("fixtures/gpt2", "fixtures/llama_gqa", "fixtures/llama_mha")]
    [InlineData("gpt2")]
    [InlineData("llama_gqa")]
    [InlineData("llama_mha")]
    public void Padding_on_the_right_and_single_sequences_give_the_same_logits(string name)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        using var model = Load(name);
        var tokens = expected["input_ids"];
        var mask = torch.ones_like(tokens);
        mask.narrow(0, 1, 1).narrow(1, 8, 4).fill_(0);
        var padded = model.Forward(tokens, new ForwardOptions { PaddingMask = mask });
        var real = mask.unsqueeze(-1);
        var right = Difference.Largest("right", expected["logits"] * real, padded * real);
        var alone = Enumerable.Range(0, 2).Max(row =>
            Difference.Largest("alone", expected["logits"].narrow(0, row, 1), model.Forward(tokens.narrow(0, row, 1))));
        output.WriteLine($"{name} padded on the right: {right:E1}, one by one: {alone:E1}");
        Assert.True(right < Difference.Tolerance && alone < Difference.Tolerance, $"{right} {alone}");
    }

    [SharedTheory("fixtures/gpt2", "fixtures/llama_gqa", "fixtures/llama_mha")]
    [InlineData("gpt2", true)]
    [InlineData("gpt2", false)]
    [InlineData("llama_gqa", true)]
    [InlineData("llama_gqa", false)]
    [InlineData("llama_mha", true)]
    [InlineData("llama_mha", false)]
    public void Greedy_text_is_that_of_the_reference(string name, bool keyValueCache)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        using var model = Load(name);
        var options = new GenerateOptions { MaxNewTokens = 6, StopAtEos = false, UseKeyValueCache = keyValueCache };
        Assert.Equal(expected["greedy6"].ToArray<long>(), model.Generate(expected["input_ids"], options).ToArray<long>());
    }

    private static HookedTransformer Load(string name, LoadOptions? options = null) =>
        HookedTransformer.Load(SharedData.Path($"fixtures/{name}"), options);

    private void Compare(Fixture expected, Dictionary<string, Tensor> found)
    {
        foreach (var (name, tensor) in found)
        {
            var difference = Difference.Largest(name, expected[name], tensor);
            output.WriteLine($"{name}: {difference:E1}");
            Assert.True(difference < Difference.Tolerance, $"{name}: {difference}");
        }
    }
}
