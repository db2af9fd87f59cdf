using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Parity;

/// <summary>The relatives of GPT give the numbers of transformers.</summary>
public class GptFamilyParityTests(ITestOutputHelper output)
{
    public static TheoryData<string> Families => ["gpt_neo", "gptj", "gpt_neox_pythia", "gpt_neox_sequential", "opt", "bloom", "falcon"];

    [SharedTheory("fixtures/gpt_neo"), MemberData(nameof(Families))]
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
            // The reference's GPT-J block could not be asked for its input, which is hidden_states.
            if (name != "gptj") found.Add($"resid_pre.{layer}", cache["resid_pre", layer]);
            found.Add($"resid_post.{layer}", cache["resid_post", layer]);
            found.Add($"attn.{layer}", cache["pattern", layer]);
            found.Add($"hidden_states.{layer}", cache["resid_pre", layer]);
        }
        var (worst, where) = found.Select(pair => (Difference.Largest(pair.Key, expected[pair.Key], pair.Value), pair.Key)).Max();
        output.WriteLine($"{name}: {found.Count} tensors, largest difference {worst:E1} at {where}");
        Assert.True(worst < Difference.Tolerance, $"{where}: {worst}");
        // Everything that the reference computed is compared, here or in the tests below.
        string[] elsewhere = ["input_ids", "logits_f64", "greedy6", "leftpad."];
        var left = expected.Names.Where(n => !found.ContainsKey(n) && !elsewhere.Any(n.StartsWith)).ToList();
        Assert.Empty(left);
    }

    [SharedTheory("fixtures/gpt_neo"), MemberData(nameof(Families))]
    public void Padding_on_either_side_and_single_sequences_change_nothing_that_is_real(string name)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        using var model = Load(name);
        var (tokens, logits) = (expected["input_ids"], expected["logits"]);
        var left = Masked(model, expected["leftpad.input_ids"], expected["leftpad.attention_mask"], expected["leftpad.logits"]);
        var mask = torch.ones_like(tokens);
        mask.narrow(0, 1, 1).narrow(1, 8, 4).fill_(0);
        var right = Masked(model, tokens, mask, logits);
        var alone = Enumerable.Range(0, 2).Max(row =>
            Difference.Largest("alone", logits.narrow(0, row, 1), model.Forward(tokens.narrow(0, row, 1))));
        output.WriteLine($"{name}: padded on the left {left:E1}, on the right {right:E1}, one by one {alone:E1}");
        Assert.True(Math.Max(left, Math.Max(right, alone)) < Difference.Tolerance, $"{left} {right} {alone}");
    }

    [SharedTheory("fixtures/gpt_neo"), MemberData(nameof(Families))]
    public void Greedy_text_is_that_of_the_reference_with_a_cache_and_without(string name)
    {
        using var scope = torch.NewDisposeScope();
        var expected = new Fixture($"fixtures/{name}/expected.safetensors");
        using var model = Load(name);
        foreach (var cached in (bool[])[true, false])
        {
            var options = new GenerateOptions { MaxNewTokens = 6, StopAtEos = false, UseKeyValueCache = cached };
            Assert.Equal(expected["greedy6"].ToArray<long>(), model.Generate(expected["input_ids"], options).ToArray<long>());
        }
    }

    private static double Masked(HookedTransformer model, Tensor tokens, Tensor mask, Tensor expected)
    {
        var real = mask.unsqueeze(-1);
        return Difference.Largest("masked logits", expected * real, model.Forward(tokens, new ForwardOptions { PaddingMask = mask }) * real);
    }

    private static HookedTransformer Load(string name) => HookedTransformer.Load(SharedData.Path($"fixtures/{name}"));
}
