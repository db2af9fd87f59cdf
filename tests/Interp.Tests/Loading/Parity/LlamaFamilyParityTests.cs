using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Parity;

/// <summary>Models built like Llama give the numbers of transformers.</summary>
public class LlamaFamilyParityTests(ITestOutputHelper output)
{
    public static TheoryData<string> Families =>
        ["llama3_ropescaled", "mistral", "mixtral", "qwen2", "gemma", "gemma2", "phi", "phi3", "olmo", "stablelm"];

    [SharedTheory("fixtures/mistral"), MemberData(nameof(Families))]
    public void Logits_streams_patterns_losses_and_text_are_those_of_the_reference(string name)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        using var model = Load(name);
        var tokens = expected["input_ids"];
        var (logits, cache) = model.RunWithCache(tokens);
        Close("logits", expected, logits);
        Close("loss_per_token", expected, HookedTransformer.LossPerToken(logits, tokens));
        for (var layer = 0; layer < model.Config.NLayers; layer++)
        {
            Close($"resid_pre.{layer}", expected, cache["resid_pre", layer]);
            Close($"resid_post.{layer}", expected, cache["resid_post", layer]);
            Close($"attn.{layer}", expected, cache["pattern", layer]);
        }
        foreach (var cached in (bool[])[true, false])
        {
            var options = new GenerateOptions { MaxNewTokens = 6, StopAtEos = false, UseKeyValueCache = cached };
            Assert.Equal(expected["greedy6"].ToArray<long>(), model.Generate(tokens, options).ToArray<long>());
        }
    }

    [SharedTheory("fixtures/mistral"), MemberData(nameof(Families))]
    public void Padding_on_the_left_changes_nothing_that_is_real(string name)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        using var model = Load(name);
        var mask = expected["leftpad.attention_mask"];
        var logits = model.Forward(expected["leftpad.input_ids"], new ForwardOptions { PaddingMask = mask });
        var real = mask.unsqueeze(-1);
        var difference = Difference.Largest("leftpad.logits", expected["leftpad.logits"] * real, logits * real);
        output.WriteLine($"padded on the left: {difference:E1}");
        Assert.True(difference < Difference.Tolerance, $"{difference}");
    }

    private static HookedTransformer Load(string name) => HookedTransformer.Load(SharedData.Path($"fixtures/{name}"));

    private void Close(string what, Fixture expected, Tensor found)
    {
        var difference = Difference.Largest(what, expected[what], found);
        output.WriteLine($"{what}: {difference:E1}");
        Assert.True(difference < Difference.Tolerance, $"{what}: {difference}");
    }
}
