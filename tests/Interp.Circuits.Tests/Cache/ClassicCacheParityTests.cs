using Interp.Circuits.Cache;
using Interp.Hooks;
using Interp.Loading;
using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Cache;

/// <summary>
/// Every method of the cache gives TransformerLens's numbers and labels, with raw weights and with processed ones.
/// </summary>
public sealed class ClassicCacheParityTests(ITestOutputHelper output) : IDisposable
{
    private const string Folder = "fixtures/tl_gpt2_analysis";
    private const double Tolerance = 1e-5;

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [SharedTheory(Folder), InlineData("raw"), InlineData("processed")]
    public void Accumulated_and_decomposed_streams_are_those_of_the_reference(string mode)
    {
        var (model, cache) = Run(mode);
        Check(mode, new()
        {
            ["accumulated_resid.default"] = cache.AccumulatedResid(),
            ["accumulated_resid.layer1"] = cache.AccumulatedResid(1),
            ["accumulated_resid.layer1_mlp_input"] = cache.AccumulatedResid(1, inclMid: true, mlpInput: true),
            ["accumulated_resid.mid_ln"] = cache.AccumulatedResid(inclMid: true, applyLn: true),
            ["accumulated_resid.mid_ln_pos-1"] = cache.AccumulatedResid(inclMid: true, applyLn: true, pos: -1),
            ["decompose_resid.all"] = cache.DecomposeResid(),
            ["decompose_resid.all_ln_pos-1"] = cache.DecomposeResid(applyLn: true, pos: ^1, applyWeight: false),
            ["decompose_resid.attn"] = cache.DecomposeResid(mode: DecompositionMode.Attn),
            ["decompose_resid.mlp"] = cache.DecomposeResid(mode: DecompositionMode.Mlp),
            ["decompose_resid.layer1_mlp_input_noembeds"] = cache.DecomposeResid(1, mlpInput: true, inclEmbeds: false),
        });
        CheckTensors(mode, new()
        {
            ["accumulated_bias.0"] = model.AccumulatedBias(0),
            ["accumulated_bias.1"] = model.AccumulatedBias(1),
            ["accumulated_bias.2"] = model.AccumulatedBias(2),
            ["accumulated_bias.3"] = model.AccumulatedBias(3),
            ["accumulated_bias.0.mlp_input.no_mlp_biases"] = model.AccumulatedBias(0, mlpInput: true,
                includeMlpBiases: false),
            ["accumulated_bias.1.mlp_input.no_mlp_biases"] = model.AccumulatedBias(1, mlpInput: true,
                includeMlpBiases: false),
            ["accumulated_bias.2.mlp_input.no_mlp_biases"] = model.AccumulatedBias(2, mlpInput: true,
                includeMlpBiases: false),
            ["stack_activation.pattern"] = cache.StackActivation("pattern").Values,
            ["stack_activation.z.layer2"] = cache.StackActivation("z", 2).Values,
            ["apply_slice_to_batch_dim.1.resid_post.2"] = cache.ApplySliceToBatchDim(1)["resid_post", 2],
        });
    }

    [SharedTheory(Folder), InlineData("raw", true), InlineData("raw", false), InlineData("processed", true),
        InlineData("processed", false)]
    public void Results_of_heads_and_neurons_are_those_of_the_reference(string mode, bool fromResults)
    {
        var (_, cache) = Run(mode, fromResults);
        Check(mode, new()
        {
            ["stack_head_results.default"] = cache.StackHeadResults(),
            ["stack_head_results.layer2_remainder"] = cache.StackHeadResults(2, inclRemainder: true),
            ["stack_head_results.ln_pos-1"] = cache.StackHeadResults(applyLn: true, pos: -1, applyWeight: false),
            ["stack_neuron_results.layer1_pos-1"] = cache.StackNeuronResults(1, pos: -1),
            ["stack_neuron_results.layer2_neurons0:5_remainder_pos-1"] =
                cache.StackNeuronResults(2, pos: -1, neurons: 0..5, inclRemainder: true),
            ["stack_neuron_results.layer-1_ln_pos-1"] = cache.StackNeuronResults(-1, pos: -1, applyLn: true,
                applyWeight: false),
        });
        CheckTensors(mode, new()
        {
            ["get_neuron_results.layer0.pos3"] = cache.GetNeuronResults(0, pos: 3),
            ["get_full_resid_decomposition.expand_neurons=False.ln.pos-1"] =
                cache.GetFullResidDecomposition(expandNeurons: false, applyLn: true, pos: -1,
                    applyWeight: false).Values,
            ["get_full_resid_decomposition.expand_neurons=True.ln.pos-1"] =
                cache.GetFullResidDecomposition(applyLn: true, pos: -1, applyWeight: false).Values,
        });
        var labels = Labels("get_full_resid_decomposition.expand_neurons=False");
        Assert.Equal(labels, cache.GetFullResidDecomposition(expandNeurons: false, pos: -1).Labels);
        var expanded = cache.GetFullResidDecomposition(pos: -1).Labels;
        var wanted = Labels("get_full_resid_decomposition.expand_neurons=True");
        Assert.Equal(wanted[..4], expanded.Take(4));
        Assert.Equal(wanted[^4..], expanded.Skip(expanded.Count - 4));
    }

    [SharedTheory(Folder), InlineData("raw"), InlineData("processed")]
    public void Norms_and_logit_attributions_are_those_of_the_reference(string mode)
    {
        var (model, cache) = Run(mode);
        var parts = cache.DecomposeResid().Values;
        var heads = cache.StackHeadResults(pos: -1).Values;
        Tensor Rows(long first, long second) => torch.tensor(new[] { first, second }).unsqueeze(1).expand(2, 12);
        CheckTensors(mode, new()
        {
            ["apply_ln_to_stack.decompose_all"] = cache.ApplyLnToStack(parts, applyWeight: false),
            ["apply_ln_to_stack.decompose_all.layer1.mlp_input"] = cache.ApplyLnToStack(parts, 1, mlpInput: true,
                applyWeight: false),
            ["apply_ln_to_stack.recompute_ln"] = cache.ApplyLnToStack(parts, recompute: true),
            ["logit_attrs.decompose_all.tokens[[5..],[9..]]"] = cache.LogitAttrs(parts, Rows(5, 9), applyWeight: false),
            ["logit_attrs.decompose_all.minus_incorrect[[7..],[3..]]"] =
                cache.LogitAttrs(parts, Rows(5, 9), Rows(7, 3), applyWeight: false),
            ["logit_attrs.heads.pos-1.token_int5"] = cache.LogitAttrs(heads, 5, pos: -1, applyWeight: false),
            ["logit_attrs.heads.pos-1.tokens[5,9].incorrect[7,3]"] =
                cache.LogitAttrs(heads, new[] { 5, 9 }, new[] { 7, 3 }, pos: -1, applyWeight: false),
            ["tokens_to_residual_directions[5,9]"] = model.TokensToResidualDirections(new[] { 5, 9 }),
        });
    }

    [SharedTheory(Folder), InlineData("raw"), InlineData("processed")]
    public void Every_activation_is_recomputed_to_that_of_the_reference_by_a_lazy_cache(string mode)
    {
        using var model = Load(mode);
        var expected = new Fixture($"{Folder}/cache_{mode}.safetensors");
        var (_, cache) = model.RunWithLazyCache(Tokens());
        foreach (var name in expected.Names.Where(n => !n.Contains(".ln1.")))
            Assert.True(Difference.Largest(name, expected[name], cache[name]) < 2e-5, name);
    }

    private (HookedTransformer Model, ActivationCache Cache) Run(string mode, bool results = false)
    {
        var model = Load(mode);
        var (_, cache) = model.RunWithCache(Tokens(), results ? ["*", "blocks.*.attn.hook_result"] : ["*"]);
        return (model, cache);
    }

    private static HookedTransformer Load(string mode) => HookedTransformer.Load(SharedData.Path("fixtures/gpt2"),
        new LoadOptions { Processing = mode == "raw" ? WeightProcessing.None : new WeightProcessing() });

    private static Tensor Tokens() => new Fixture("fixtures/gpt2/expected.safetensors")["input_ids"];

    private void Check(string mode, Dictionary<string, LabelledStack> found)
    {
        CheckTensors(mode, found.ToDictionary(pair => pair.Key, pair => pair.Value.Values));
        foreach (var (name, stack) in found)
        {
            // Of neurons the reference's list holds the first eight.
            var labels = Labels(name);
            Assert.Equal(stack.Values.size(0), stack.Labels.Count);
            Assert.Equal(labels, name.Contains("neuron") ? stack.Labels.Take(labels.Length) : stack.Labels);
        }
    }

    private void CheckTensors(string mode, Dictionary<string, Tensor> found)
    {
        var expected = new Fixture($"{Folder}/cache_methods_{mode}.safetensors");
        foreach (var (name, tensor) in found)
        {
            var scale = expected[name].abs().max().ToSingle();
            // There is no bias before layer 0: there only zero is near enough.
            var difference = Difference.Largest(name, expected[name], tensor) / Math.Max(scale, 1e-30);
            output.WriteLine($"{name}: {difference:E1} of {scale:G3}");
            Assert.True(difference < Tolerance, $"{name}: {difference:E1}");
        }
    }

    private static string[] Labels(string name)
    {
        var text = File.ReadAllText(SharedData.Path($"{Folder}/labels.json"));
        using var json = System.Text.Json.JsonDocument.Parse(text);
        return [.. json.RootElement.GetProperty(name).EnumerateArray().Select(label => label.GetString()!)];
    }
}
