using Interp.Circuits.Cache;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Cache;

/// <summary>Decompositions add up to what they decompose, in every architecture.</summary>
public sealed class DecompositionTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<string> Models => SampleModels.Names;

    [Theory, MemberData(nameof(Models))]
    public void The_parts_of_the_stream_add_up_to_it(string name)
    {
        var (model, cache) = Run(name);
        for (var layer = 0; layer <= model.Config.NLayers; layer++)
        {
            var stream = cache.AccumulatedResid(layer).Values[^1];
            Near(stream, cache.DecomposeResid(layer).Values.sum([0]));
            Near(stream, cache.GetFullResidDecomposition(layer, expandNeurons: false).Values.sum([0]));
            if (HasNeurons(model)) Near(stream, cache.GetFullResidDecomposition(layer).Values.sum([0]));
            Near(stream, cache.StackHeadResults(layer, inclRemainder: true).Values.sum([0]));
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void The_parts_of_what_an_mlp_reads_add_up_to_it(string name)
    {
        var (model, cache) = Run(name);
        if (model.Config.AttnOnly) return;
        var read = cache[model.Config.ParallelAttnMlp ? "resid_pre" : "resid_mid", 1];
        Near(read, cache.DecomposeResid(1, mlpInput: true).Values.sum([0]));
        Near(read, cache.AccumulatedResid(1, mlpInput: true).Values[^1]);
        Near(read, cache.GetFullResidDecomposition(1, mlpInput: true, expandNeurons: false).Values.sum([0]));
    }

    [Theory, MemberData(nameof(Models))]
    public void Logit_attributions_of_all_parts_and_the_constant_add_up_to_the_logits(string name)
    {
        var (model, cache) = Run(name);
        var logits = cache["unembed.hook_out"]; // before a soft cap
        var parts = cache.GetFullResidDecomposition(expandNeurons: false);
        var found = cache.LogitAttrs(parts, 2).Values.sum([0]) + model.ConstantLogits(2);
        Near(logits[.., .., 2], found);
        var difference = cache.LogitAttrs(parts, 2, 1).Values.sum([0]) + model.ConstantLogits(2, 1);
        Near(logits[.., .., 2] - logits[.., .., 1], difference);
    }

    [Theory, MemberData(nameof(Models))]
    public void Attributions_of_heads_and_neurons_without_results_are_those_of_their_results(string name)
    {
        var (model, cache) = Run(name);
        var tokens = SampleModels.Tokens(model, seed: 5) % model.Config.OutputSize;
        var others = SampleModels.Tokens(model, seed: 6) % model.Config.OutputSize;
        // Every head's and neuron's own part of the stream, also where a norm stands behind attention and MLP.
        var whole = cache.GetFullResidDecomposition(expandNeurons: HasNeurons(model));
        var attributions = cache.LogitAttrs(whole, tokens, others);
        var heads = cache.HeadLogitAttrs(tokens, others);
        Assert.Equal(model.AllHeadLabels(), heads.Labels);
        Near(attributions.Values.narrow(0, 0, heads.Count), heads.Values);
        var last = cache.HeadLogitAttrs(tokens[.., ^1], others[.., ^1], pos: ^1);
        Near(heads.Values[.., .., ^1], last.Values);
        if (!HasNeurons(model)) return;
        var neurons = cache.NeuronLogitAttrs(tokens, others);
        Near(attributions.Values.narrow(0, heads.Count, neurons.Count), neurons.Values);
        Assert.Equal(attributions.Labels.Skip(heads.Count).Take(neurons.Count), neurons.Labels);
    }

    [Theory, MemberData(nameof(Models))]
    public void Projecting_results_as_they_are_made_is_projecting_them_afterwards(string name)
    {
        var (model, cache) = Run(name);
        using var generator = new Generator(3);
        var directions = torch.randn([model.Config.DModel, 3], generator: generator);
        foreach (var ln in (bool[])[false, true])
        {
            Near(cache.StackHeadResults(applyLn: ln, inclRemainder: true).Values.MatMul(directions),
                cache.StackHeadResults(applyLn: ln, inclRemainder: true, projectOnto: directions).Values);
            Near(cache.GetFullResidDecomposition(expandNeurons: false, applyLn: ln).Values.MatMul(directions),
                cache.GetFullResidDecomposition(expandNeurons: false, applyLn: ln, projectOnto: directions).Values);
            if (HasNeurons(model))
                Near(cache.StackNeuronResults(applyLn: ln, neurons: 3..7).Values.MatMul(directions[.., 0]),
                    cache.StackNeuronResults(applyLn: ln, neurons: 3..7, projectOnto: directions[.., 0]).Values);
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Results_of_heads_are_what_the_models_own_hook_shows(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model);
        var (_, cache) = model.RunWithCache(tokens, "blocks.*.attn.hook_z");
        var (_, results) = model.RunWithCache(tokens, "blocks.*.attn.hook_result");
        for (var layer = 0; layer < model.Config.NLayers; layer++)
        {
            Near(results["result", layer], cache.HeadResults(layer));
            Near(results["result", layer][.., 3..5], cache.HeadResults(layer, pos: 3..5));
        }
        if (model.Config.UseNormalizationBeforeAndAfter) return; // the stack shows what comes out of the norm behind
        var one = cache.StackHeadResults(pos: new[] { 4, 0 })["L1H2"];
        Near(torch.stack([results["result", 1][.., 4, 2], results["result", 1][.., 0, 2]], 1), one);
    }

    [Theory, MemberData(nameof(Models))]
    public void The_lens_ends_with_the_models_logits_and_starts_with_those_of_the_embedding(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model);
        var (logits, cache) = model.RunWithCache(tokens);
        var (values, labels) = cache.Lens();
        Near(logits, values[^1]);
        Assert.Equal(["0_pre", "1_pre", "final_post"], labels);
        // What the model says when it starts behind its last layer, with the stream of the first.
        Near(model.Forward(cache["resid_pre", 0], new ForwardOptions { StartAtLayer = model.Config.NLayers }),
            values[0]);
    }

    [Fact]
    public void Without_the_batch_dimension_everything_is_the_row_of_the_batch()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model, batch: 3);
        var (_, cache) = model.RunWithCache(tokens);
        var row = cache.ApplySliceToBatchDim(1);
        Near(cache.DecomposeResid(applyLn: true).Values[.., 1], row.DecomposeResid(applyLn: true).Values);
        Near(cache.StackHeadResults(applyLn: true, pos: 2).Values[.., 1],
            row.StackHeadResults(applyLn: true, pos: 2).Values);
        Near(cache.GetFullResidDecomposition().Values[.., 1], row.GetFullResidDecomposition().Values);
        Near(cache.HeadLogitAttrs(4, 5).Values[.., 1], row.HeadLogitAttrs(4, 5).Values);
        Near(cache.Lens().Values[.., 1], row.Lens().Values);
        var parts = cache.DecomposeResid();
        Near(cache.LogitAttrs(parts, 3).Values[.., 1..], cache.LogitAttrs(parts, 3, batch: 1..).Values);
    }

    [Theory, MemberData(nameof(Models))]
    public void A_scale_that_was_not_cached_is_that_of_the_cached_stream(string name)
    {
        var (model, cache) = Run(name);
        List<string> names = ["*hook_resid*", "*_out", "hook_embed"];
        if (model.Hooks.Contains("hook_pos_embed")) names.Add("hook_pos_embed");
        var kept = model.CacheOnly(SampleModels.Tokens(model), names);
        Assert.False(kept.Holds("ln_final.hook_scale"));
        Near(cache.DecomposeResid(applyLn: true).Values, kept.DecomposeResid(applyLn: true).Values);
        Near(cache.DecomposeResid(1, applyLn: true).Values, kept.DecomposeResid(1, applyLn: true).Values);
        if (!model.Config.AttnOnly)
            Near(cache.DecomposeResid(1, mlpInput: true, applyLn: true).Values,
                kept.DecomposeResid(1, mlpInput: true, applyLn: true).Values);
    }

    [Fact]
    public void Gradients_flow_through_stacks_where_they_are_recorded()
    {
        using var model = SampleModels.Create("gpt2");
        model.RequireGradients();
        var (_, cache) = model.RunWithCache(SampleModels.Tokens(model));
        var plain = cache.StackHeadResults(applyLn: true).Values;
        Assert.True(plain.requires_grad);
        using (torch.no_grad())
        {
            var (_, fixedCache) = model.RunWithCache(SampleModels.Tokens(model));
            Near(fixedCache.StackHeadResults(applyLn: true).Values, plain.detach());
        }
        cache.GetFullResidDecomposition(projectOnto: model.W_U[.., 0].detach()).Values.sum().backward();
        Assert.NotNull(model.Weights.Blocks[0].Out.Weight.grad);
    }

    [Fact]
    public void Tokens_that_could_belong_to_batch_or_positions_are_refused()
    {
        using var model = SampleModels.Create("gpt2");
        var (_, cache) = model.RunWithCache(SampleModels.Tokens(model, batch: 3, pos: 3));
        var parts = cache.DecomposeResid();
        var error = Assert.Throws<ArgumentException>(() => cache.LogitAttrs(parts, new[] { 1, 2, 3 }));
        Assert.Contains("do not say which of batch and pos [3, 3]", error.Message);
        var (_, longer) = model.RunWithCache(SampleModels.Tokens(model, batch: 3, pos: 5));
        var byRow = longer.LogitAttrs(longer.DecomposeResid(), new[] { 1, 2, 3 }).Values;
        Near(longer.LogitAttrs(longer.DecomposeResid(), 2).Values[.., 1], byRow[.., 1]);
    }

    [Fact]
    public void What_cannot_be_is_an_error_that_says_why()
    {
        var (model, cache) = Run("mixtral");
        Assert.Contains("experts", Assert.Throws<ArgumentException>(() => cache.StackNeuronResults()).Message);
        var (_, attention) = Run("attention only");
        Assert.Contains("no MLPs",
            Assert.Throws<ArgumentException>(() => attention.AccumulatedResid(inclMid: true)).Message);
        Assert.Contains("no MLPs",
            Assert.Throws<ArgumentException>(() => attention.DecomposeResid(1, mlpInput: true)).Message);
        var (_, gpt) = Run("gpt2");
        Assert.Contains("layers 0 to 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => gpt.DecomposeResid(3)).Message);
        Assert.Contains("tokenizer",
            Assert.Throws<InvalidOperationException>(() => gpt.HeadLogitAttrs(" Mary")).Message);
        Assert.Contains("outputs", Assert.Throws<ArgumentException>(() => gpt.HeadLogitAttrs(19)).Message);
        Assert.Contains("'L0H9'", Assert.Throws<KeyNotFoundException>(() => gpt.StackHeadResults()["L0H9"]).Message);
        Assert.Contains("position 7",
            Assert.Throws<ArgumentOutOfRangeException>(() => gpt.DecomposeResid(pos: 7)).Message);
        using var some = model.RunWithCache(SampleModels.Tokens(model), "blocks.*.hook_resid_pre").Cache;
        Assert.Contains("hook_embed", Assert.Throws<HookException>(() => some.DecomposeResid()).Message);
    }

    private static bool HasNeurons(HookedTransformer model) =>
        !model.Config.AttnOnly && model.Config.NumExperts is null;

    private static (HookedTransformer Model, ActivationCache Cache) Run(string name)
    {
        var model = SampleModels.Create(name);
        var (_, cache) = model.RunWithCache(SampleModels.Tokens(model));
        return (model, cache);
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        var scale = Math.Max(1, expected.abs().max().ToSingle());
        Assert.InRange(Difference.Largest("", expected.detach(), actual.detach()) / scale, 0, 1e-5);
    }
}
