using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Processing;

/// <summary>What holds for every step and every configuration.</summary>
public sealed class WeightProcessingTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public static TheoryData<string, string> ModelsAndModes
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var model in SampleModels.Configs.Keys)
                foreach (var mode in DoubleModels.Modes.Keys) all.Add(model, mode);
            return all;
        }
    }

    public void Dispose() => scope.Dispose();

    [Theory, MemberData(nameof(ModelsAndModes))]
    public void Logits_shift_by_their_mean_where_the_unembedding_is_centred_and_stay_otherwise(string name, string mode)
    {
        using var raw = DoubleModels.Create(name);
        var tokens = SampleModels.Tokens(raw);
        var logits = raw.Forward(tokens);
        var before = DoubleModels.Numbers(raw);
        using var processed = raw.Process(DoubleModels.Modes[mode]);
        DoubleModels.Close(DoubleModels.Expected(logits, processed), processed.Forward(tokens));
        DoubleModels.Close(logits.log_softmax(-1), processed.Forward(tokens).log_softmax(-1));
        Assert.Equal(before, DoubleModels.Numbers(raw));
    }

    [Theory]
    [InlineData("gpt2", "")]
    [InlineData("llama", "center_writing_weights")]
    [InlineData("llama2c", "fold_ln center_writing_weights")]
    [InlineData("attention only", "fold_ln center_writing_weights")]
    [InlineData("parallel", "fold_ln")]
    [InlineData("bloom", "")]
    [InlineData("gemma", "center_writing_weights center_unembed")]
    [InlineData("mixtral", "center_writing_weights")]
    [InlineData("solu", "")]
    [InlineData("shortformer", "fold_ln")]
    [InlineData("own masks", "fold_value_biases")]
    public void The_model_says_which_steps_were_skipped_and_why(string name, string skipped)
    {
        using var raw = DoubleModels.Create(name);
        using var processed = raw.Process();
        Assert.Empty(raw.Processing);
        Assert.Equal(["fold_ln", "center_writing_weights", "center_unembed", "fold_value_biases"],
            processed.Processing.Select(s => s.Name));
        Assert.Equal(skipped, string.Join(' ', processed.Processing.Where(s => !s.Applied).Select(s => s.Name)));
        Assert.All(processed.Processing,
            step => Assert.Equal(!step.Applied ? $"{step.Name} skipped: {step.Skipped}"
                : step.Remains is null ? step.Name : $"{step.Name}, but {step.Remains}", step.ToString()));
        Assert.Equal(name == "bloom", processed.Processing.Any(step => step.Remains is not null));
    }

    [Fact]
    public void Centring_leaves_an_embedding_alone_that_a_norm_centres_and_takes_the_mean_off_the_norms_shift()
    {
        using var raw = DoubleModels.Create("bloom");
        using var processed = raw.Process(WeightProcessing.None with { CenterWritingWeights = true });
        Assert.True(raw.W_E.Equals(processed.W_E));
        var (before, after) = (raw.Weights.EmbedNorm!.Bias!, processed.Weights.EmbedNorm!.Bias!);
        Assert.True(before.mean().abs().ToDouble() > 1e-3);
        DoubleModels.Close(before - before.mean(), after);
        DoubleModels.Close(torch.zeros_like(after[..1]), processed.W_O(0).sum([-1]).abs().max().unsqueeze(0));
        Assert.Contains("keeps a mean", processed.Processing.Single().Remains);
    }

    [Theory]
    [InlineData("llama", nameof(WeightProcessing.CenterWritingWeights), "RMSNorm does not take the mean")]
    [InlineData("attention only", nameof(WeightProcessing.CenterWritingWeights), "without norms the mean")]
    [InlineData("gemma", nameof(WeightProcessing.CenterUnembed), "logits are capped at 3")]
    [InlineData("shortformer", nameof(WeightProcessing.FoldLn), "adds positions behind the norm")]
    [InlineData("own masks", nameof(WeightProcessing.FoldValueBiases), "layer 1 leaves query 0 nothing to look at")]
    [InlineData("own masks", nameof(WeightProcessing.RefactorFactoredAttnMatrices), "nothing to look at")]
    [InlineData("llama2c", nameof(WeightProcessing.RefactorFactoredAttnMatrices), "rotary positions turn queries and keys")]
    public void A_step_that_was_asked_for_and_would_change_the_model_is_an_error_that_says_why(string name, string step, string reason)
    {
        using var raw = DoubleModels.Create(name);
        var required = new WeightProcessing
        {
            FoldLn = step == nameof(WeightProcessing.FoldLn),
            CenterWritingWeights = step == nameof(WeightProcessing.CenterWritingWeights),
            CenterUnembed = step == nameof(WeightProcessing.CenterUnembed),
            FoldValueBiases = step == nameof(WeightProcessing.FoldValueBiases),
            RefactorFactoredAttnMatrices = step == nameof(WeightProcessing.RefactorFactoredAttnMatrices),
        };
        var error = Assert.Throws<ArgumentException>(() => raw.Process(required));
        Assert.Contains(reason, error.Message);
        Assert.Contains("set it to false or null", error.Message);
    }

    [Fact]
    public void A_step_that_was_asked_for_and_has_nothing_to_do_is_no_error()
    {
        using var raw = DoubleModels.Create("llama2c");
        using var processed = raw.Process(WeightProcessing.None with { FoldLn = true });
        Assert.Equal("fold_ln skipped: the norms have no weights", Assert.Single(processed.Processing).ToString());
    }

    [Fact]
    public void Processing_twice_gives_the_same_weights_and_lists_both()
    {
        using var raw = DoubleModels.Create("gpt2");
        using var once = raw.Process();
        using var twice = once.Process();
        Assert.Equal(8, twice.Processing.Count);
        foreach (var ((_, first), (_, second)) in once.Weights.Named().Zip(twice.Weights.Named()))
            DoubleModels.Close(first, second);
    }

    [Fact]
    public void The_processed_model_shares_no_memory_with_the_raw_one()
    {
        using var raw = DoubleModels.Create("llama");
        var before = DoubleModels.Numbers(raw);
        using var copy = raw.Process(WeightProcessing.None);
        foreach (var (_, tensor) in copy.Weights.Named()) tensor.fill_(7);
        Assert.Equal(before, DoubleModels.Numbers(raw));
    }

    [Theory]
    [InlineData("fold_value_biases", true)]
    [InlineData("fold_ln", false)]
    [InlineData("center_writing_weights", false)]
    [InlineData("center_unembed", false)]
    public void A_tied_unembedding_stays_tied_unless_one_side_changes(string mode, bool tied)
    {
        using var separate = DoubleModels.Create("gpt2");
        var embed = separate.W_E.clone();
        using var raw = new HookedTransformer(separate.Config,
            WeightMap.Map(separate.Weights, t => t.clone()) with { Embed = embed, Unembed = new LinearWeights(embed.t(), null) });
        var tokens = SampleModels.Tokens(raw);
        using var processed = raw.Process(DoubleModels.Modes[mode]);
        Assert.Equal(tied, processed.Weights.Unembed.Weight.SharesMemoryWith(processed.Weights.Embed));
        Assert.False(processed.Weights.Embed.SharesMemoryWith(raw.Weights.Embed));
        DoubleModels.Close(DoubleModels.Expected(raw.Forward(tokens), processed), processed.Forward(tokens));
    }

    [Fact]
    public void Half_precision_is_rounded_once_a_step()
    {
        using var single = SampleModels.Create("gpt2");
        using var half = new HookedTransformer(single.Config with { Dtype = ScalarType.BFloat16 },
            WeightMap.Map(single.Weights, t => t.to(ScalarType.BFloat16)));
        // What the rounded weights become in single precision, to compare with.
        using var wide = new HookedTransformer(single.Config, WeightMap.Map(half.Weights, t => t.to(ScalarType.Float32)));
        var mode = DoubleModels.Modes["fold_ln"];
        using var processed = half.Process(mode);
        using var expected = wide.Process(mode);
        foreach (var ((name, found), (_, wanted)) in processed.Weights.Named().Zip(expected.Weights.Named()))
        {
            Assert.Equal(ScalarType.BFloat16, found.dtype);
            Assert.True(found.Equals(wanted.to(ScalarType.BFloat16)), name);
        }
    }

    [Fact]
    public void Weights_with_gradients_can_be_processed_and_the_result_has_none()
    {
        using var raw = DoubleModels.Create("gpt2").RequireGradients();
        using var processed = raw.Process();
        Assert.All(processed.Weights.Named(), pair => Assert.False(pair.Tensor.requires_grad));
        Assert.All(raw.Weights.Named(), pair => Assert.True(pair.Tensor.requires_grad));
    }
}
