using Interp.Models;
using Interp.Processing;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Processing;

/// <summary>What every step leaves in the weights and in the activations.</summary>
public sealed class StepTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public static TheoryData<string> Factorable =>
        ["gpt2", "attention only", "parallel", "bidirectional", "classifier", "no positions", "bloom", "solu", "shortformer"];

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData("gpt2", NormalizationType.LNPre)]
    [InlineData("solu", NormalizationType.LNPre)]
    [InlineData("llama", NormalizationType.RMSPre)]
    [InlineData("mixtral", NormalizationType.RMSPre)]
    public void Folded_norms_have_no_weights(string name, NormalizationType type)
    {
        using var raw = DoubleModels.Create(name);
        using var folded = raw.Process(WeightProcessing.None with { FoldLn = true });
        Assert.Equal(type, folded.Config.NormalizationType);
        Assert.DoesNotContain(folded.Weights.Named(), pair => pair.Name.Contains("ln"));
        Assert.Contains(raw.Weights.Named(), pair => pair.Name.Contains("ln"));
    }

    [Fact]
    public void What_reads_a_folded_LayerNorm_has_centred_columns()
    {
        using var raw = DoubleModels.Create("gpt2");
        using var folded = raw.Process(WeightProcessing.None with { FoldLn = true });
        foreach (var reader in (Tensor[])[folded.Weights.Blocks[1].Qkv.Weight, folded.W_in(1), folded.W_U])
            DoubleModels.Close(torch.zeros([reader.size(1)], ScalarType.Float64), reader.mean([0]));
    }

    [Fact]
    public void Norms_behind_attention_and_MLP_keep_their_weights()
    {
        using var raw = DoubleModels.Create("gemma");
        using var folded = raw.Process(WeightProcessing.None with { FoldLn = true });
        Assert.True(folded.Weights.Blocks[0].Ln1Post!.Weight!.Equals(raw.Weights.Blocks[0].Ln1Post!.Weight!));
        Assert.Null(folded.Weights.Blocks[0].Ln1);
    }

    [Fact]
    public void A_shift_before_a_gated_MLP_cannot_be_folded_and_one_of_zero_can()
    {
        using var raw = DoubleModels.Create(SampleModels.Configs["gpt2"] with { GatedMlp = true });
        var tokens = SampleModels.Tokens(raw);
        var error = Assert.Throws<ArgumentException>(() => raw.Process(new WeightProcessing { FoldLn = true }));
        Assert.Contains("blocks.0.ln2 shifts what a gated MLP reads", error.Message);
        using (var skipped = raw.Process())
            DoubleModels.Close(DoubleModels.Expected(raw.Forward(tokens), skipped), skipped.Forward(tokens));
        foreach (var block in raw.Weights.Blocks) block.Ln2!.Bias!.fill_(0);
        using var folded = raw.Process(new WeightProcessing { FoldLn = true });
        DoubleModels.Close(DoubleModels.Expected(raw.Forward(tokens), folded), folded.Forward(tokens));
    }

    [Fact]
    public void One_norm_for_attention_and_MLP_is_folded_into_both()
    {
        using var separate = DoubleModels.Create(SampleModels.Configs["gpt2"] with { ParallelAttnMlp = true });
        var weights = WeightMap.Map(separate.Weights, t => t.clone());
        weights = weights with { Blocks = [.. weights.Blocks.Select(b => b with { Ln2 = b.Ln1 })] };
        using var raw = new HookedTransformer(separate.Config, weights);
        var tokens = SampleModels.Tokens(raw);
        using var folded = raw.Process(WeightProcessing.None with { FoldLn = true });
        DoubleModels.Close(raw.Forward(tokens), folded.Forward(tokens));
        using var copy = raw.Process(WeightProcessing.None);
        Assert.Same(copy.Weights.Blocks[0].Ln1, copy.Weights.Blocks[0].Ln2);
    }

    [Theory, InlineData("gpt2"), InlineData("parallel"), InlineData("solu")]
    public void A_centred_residual_stream_has_mean_zero_everywhere(string name)
    {
        using var raw = DoubleModels.Create(name);
        using var centred = raw.Process(WeightProcessing.None with { CenterWritingWeights = true });
        var (_, cache) = centred.RunWithCache(SampleModels.Tokens(raw), "hook_embed", "hook_pos_embed", "blocks.*.hook_attn_out",
            "blocks.*.hook_mlp_out", "blocks.*.hook_resid_post");
        foreach (var key in cache.Keys) DoubleModels.Close(torch.zeros([2, 7], ScalarType.Float64), cache[key].mean([-1]));
    }

    [Fact]
    public void Centred_logits_have_mean_zero()
    {
        using var raw = DoubleModels.Create("classifier");
        using var centred = raw.Process(WeightProcessing.None with { CenterUnembed = true });
        DoubleModels.Close(torch.zeros([2, 7], ScalarType.Float64), centred.Forward(SampleModels.Tokens(raw)).mean([-1]));
    }

    [Fact]
    public void A_single_output_is_not_centred_away()
    {
        using var raw = DoubleModels.Create(SampleModels.Configs["gpt2"] with { DVocabOut = 1 });
        var tokens = SampleModels.Tokens(raw);
        using var processed = raw.Process();
        DoubleModels.Close(raw.Forward(tokens), processed.Forward(tokens));
        Assert.Contains(processed.Processing, step => step.Name == "center_unembed" && !step.Applied);
    }

    [Theory, InlineData("gpt2"), InlineData("llama")]
    public void Folded_value_biases_are_zero_and_attention_writes_the_same(string name)
    {
        using var raw = DoubleModels.Create(name);
        var tokens = SampleModels.Tokens(raw);
        using var folded = raw.Process(WeightProcessing.None with { FoldValueBiases = true });
        Assert.True(raw.b_V(1).abs().max().ToDouble() > 0);
        Assert.Equal(0, folded.b_V(1).abs().max().ToDouble());
        Assert.True(folded.b_Q(1).Equals(raw.b_Q(1)) && folded.b_K(1).Equals(raw.b_K(1)));
        foreach (var key in (string[])["blocks.0.hook_attn_out", "blocks.1.hook_attn_out"])
            DoubleModels.Close(raw.RunWithCache(tokens, key).Cache[key], folded.RunWithCache(tokens, key).Cache[key]);
    }

    [Fact]
    public void An_output_bias_is_made_where_value_biases_have_nowhere_to_go()
    {
        using var with = DoubleModels.Create("gpt2");
        var weights = WeightMap.Map(with.Weights, t => t.clone());
        using var raw = new HookedTransformer(with.Config,
            weights with { Blocks = [.. weights.Blocks.Select(b => b with { Out = b.Out with { Bias = null } })] });
        var tokens = SampleModels.Tokens(raw);
        using var folded = raw.Process(WeightProcessing.None with { FoldValueBiases = true });
        Assert.NotNull(folded.Weights.Blocks[0].Out.Bias);
        DoubleModels.Close(raw.Forward(tokens), folded.Forward(tokens));
    }

    [Theory, MemberData(nameof(Factorable))]
    public void Refactored_attention_has_the_same_logits_and_orthogonal_factors(string name)
    {
        using var raw = DoubleModels.Create(name);
        var tokens = SampleModels.Tokens(raw);
        using var refactored = raw.Process(WeightProcessing.None with { RefactorFactoredAttnMatrices = true });
        DoubleModels.Close(raw.Forward(tokens), refactored.Forward(tokens), 1e-8);
        for (var layer = 0; layer < 2; layer++)
        {
            DoubleModels.Close(raw.W_Q(layer).MatMul(raw.W_K(layer).transpose(1, 2)),
                refactored.W_Q(layer).MatMul(refactored.W_K(layer).transpose(1, 2)), 1e-8);
            DoubleModels.Close(raw.W_V(layer).MatMul(raw.W_O(layer)),
                refactored.W_V(layer).MatMul(refactored.W_O(layer)), 1e-8);
            var output = refactored.W_O(layer); // rows are orthonormal
            var one = torch.eye(refactored.Config.DHead, dtype: ScalarType.Float64).expand(output.size(0), -1, -1);
            DoubleModels.Close(one, output.MatMul(output.transpose(1, 2)), 1e-8);
            var query = torch.cat([refactored.W_Q(layer), refactored.b_Q(layer).unsqueeze(1)], 1);
            var gram = query.transpose(1, 2).MatMul(query); // columns are orthogonal, the largest first
            DoubleModels.Close(gram * one, gram, 1e-8);
            Assert.Equal(0, refactored.b_V(layer).abs().max().ToDouble());
        }
    }

    [Fact]
    public void Heads_wider_than_the_stream_are_refactored_too()
    {
        using var raw = DoubleModels.Create(SampleModels.Configs["gpt2"] with { DHead = 30 });
        var tokens = SampleModels.Tokens(raw);
        using var refactored = raw.Process(new WeightProcessing { RefactorFactoredAttnMatrices = true });
        DoubleModels.Close(DoubleModels.Expected(raw.Forward(tokens), refactored), refactored.Forward(tokens), 1e-8);
    }

    [Theory]
    [InlineData(true, "share 2 keys")]
    [InlineData(false, "a norm stands between queries, keys")]
    public void Shared_keys_and_normed_queries_cannot_be_refactored(bool grouped, string reason)
    {
        var config = SampleModels.Configs["no positions"];
        using var raw = DoubleModels.Create(grouped ? config with { NKeyValueHeads = 2 } : config with { UseQkNorm = true });
        var refactor = new WeightProcessing { RefactorFactoredAttnMatrices = true };
        var error = Assert.Throws<ArgumentException>(() => raw.Process(refactor));
        Assert.Contains(reason, error.Message);
    }
}
