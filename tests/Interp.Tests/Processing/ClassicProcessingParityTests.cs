using Interp.Loading;
using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Tests.Processing;

/// <summary>Processed weights, and what runs on them, are those of TransformerLens.</summary>
public class ClassicProcessingParityTests(ITestOutputHelper output)
{
    private const string Folder = "fixtures/tl_gpt2_analysis";

    /// <summary>Every flag alone, required.</summary>
    private static readonly Dictionary<string, WeightProcessing> Modes = new()
    {
        ["raw"] = WeightProcessing.None,
        ["fold_ln"] = WeightProcessing.None with { FoldLn = true },
        ["center_writing_weights"] = WeightProcessing.None with { CenterWritingWeights = true },
        ["center_unembed"] = WeightProcessing.None with { CenterUnembed = true },
        ["fold_value_biases"] = WeightProcessing.None with { FoldValueBiases = true },
        ["processed"] = new WeightProcessing(),
        ["refactor_factored_attn_matrices"] = WeightProcessing.None with { RefactorFactoredAttnMatrices = true },
    };

    [SharedTheory(Folder)]
    [InlineData("raw")]
    [InlineData("fold_ln")]
    [InlineData("center_writing_weights")]
    [InlineData("center_unembed")]
    [InlineData("fold_value_biases")]
    [InlineData("processed")]
    public void Every_weight_is_that_of_the_reference(string mode)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Load(mode);
        var expected = new Fixture($"{Folder}/state_dict_{mode}.safetensors");
        var found = ModelSaver.StateDict(model);
        var worst = 0.0;
        foreach (var name in expected.Names.Where(n => !n.EndsWith(".mask") && !n.EndsWith(".IGNORE")))
        {
            // The reference stores zeros where a model has no bias of the unembedding.
            var weight = name == "unembed.b_U" && !found.ContainsKey(name) ? torch.zeros_like(expected[name]) : found[name];
            worst = Math.Max(worst, Difference.Largest(name, expected[name], weight));
        }
        output.WriteLine($"{mode}: {found.Count} weights, largest difference {worst:E1}");
        Assert.True(worst < 5e-6, $"{worst}");
        Assert.DoesNotContain(found.Keys, n => !expected.Has(n));
    }

    [SharedTheory(Folder)]
    [InlineData("raw")]
    [InlineData("fold_ln")]
    [InlineData("center_writing_weights")]
    [InlineData("center_unembed")]
    [InlineData("fold_value_biases")]
    [InlineData("processed")]
    [InlineData("refactor_factored_attn_matrices")]
    public void Logits_are_those_of_the_reference(string mode)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Load(mode);
        var expected = new Fixture($"{Folder}/logits.safetensors")[$"logits.{mode}"];
        var difference = Difference.Largest(mode, expected, model.Forward(Tokens()));
        output.WriteLine($"{mode}: {difference:E1}");
        Assert.True(difference < 2e-5, $"{difference}");
    }

    [SharedTheory(Folder), InlineData("raw"), InlineData("processed")]
    public void Every_activation_is_that_of_the_reference(string mode)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Load(mode);
        var expected = new Fixture($"{Folder}/cache_{mode}.safetensors");
        var (_, cache) = model.RunWithCache(Tokens(), [.. model.Hooks.Points.Select(p => p.Name)]);
        var worst = 0.0;
        foreach (var name in expected.Names)
        {
            // The reference ran with split inputs, so its ln1 works head by head on copies of one stream; here the points of
            // the norm show that one stream.
            var byHead = name.Contains(".ln1.");
            for (var head = 0; head < (byHead ? model.Config.NHeads : 1); head++)
            {
                var wanted = byHead ? expected[name].select(2, head) : expected[name];
                worst = Math.Max(worst, Difference.Largest(name, wanted, cache[name]));
            }
        }
        output.WriteLine($"{mode}: {expected.Names.Count()} activations, largest difference {worst:E1}");
        Assert.True(worst < 2e-5, $"{worst}");
        // The reference has no hooks at the unembedding; the tokens and the undivided split were not asked of it.
        Assert.All(cache.Keys.Where(n => !expected.Has(n)),
            n => Assert.True(n.StartsWith("unembed.") || n == "hook_tokens" || n.EndsWith(".hook_attn_in"), n));
    }

    [SharedFact(Folder)]
    public void Refactored_attention_has_the_products_and_singular_values_of_the_reference()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Load("refactor_factored_attn_matrices");
        var expected = new Fixture($"{Folder}/logits.safetensors");
        Tensor Stack(Func<int, Tensor> matrix) => torch.stack([.. Enumerable.Range(0, model.Config.NLayers).Select(matrix)]);
        var found = new Dictionary<string, Tensor>
        {
            ["refactor.QK_AB"] = Stack(l => model.W_Q(l).MatMul(model.W_K(l).transpose(1, 2))),
            ["refactor.OV_AB"] = Stack(l => model.W_V(l).MatMul(model.W_O(l))),
            ["refactor.W_Q_singular_values"] = Stack(l => torch.linalg.svdvals(model.W_Q(l))),
            ["refactor.W_K_singular_values"] = Stack(l => torch.linalg.svdvals(model.W_K(l))),
        };
        foreach (var (name, tensor) in found)
        {
            var difference = Difference.Largest(name, expected[name], tensor);
            output.WriteLine($"{name}: {difference:E1}");
            Assert.True(difference < 2e-5, $"{name}: {difference}");
        }
    }

    private static HookedTransformer Load(string mode) =>
        HookedTransformer.Load(SharedData.Path("fixtures/gpt2"), new LoadOptions { Processing = Modes[mode] });

    private static Tensor Tokens() => new Fixture("fixtures/gpt2/expected.safetensors")["input_ids"];
}
