using Interp.Loading;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading;

public class Gpt2LayoutTests
{
    [Theory]
    [InlineData("transformer.")]
    [InlineData("")]
    public void Matrices_stand_as_they_are_stored(string prefix)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.Gpt2Config());
        var weights = TinyModels.Gpt2Weights(prefix);
        using var model = HookedTransformer.Load(folder.Weights(weights).Root);
        var block = model.Weights.Blocks[0];
        Assert.True(block.Qkv.Weight.Equals(weights[prefix + "h.0.attn.c_attn.weight"]));
        Assert.True(block.Mlp!.Out.Weight.Equals(weights[prefix + "h.0.mlp.c_proj.weight"]));
        Assert.True(block.Qkv.Weight.is_contiguous());
        Assert.True(model.Weights.Unembed.Weight.SharesMemoryWith(model.Weights.Embed));
        // Head 1 of the queries is columns 4 to 7.
        Assert.True(model.W_Q(0)[1].Equals(weights[prefix + "h.0.attn.c_attn.weight"].narrow(1, 4, 4)));
    }

    [Fact]
    public void Masks_that_were_saved_with_the_weights_are_passed_over()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.Gpt2Config());
        var weights = TinyModels.Gpt2Weights();
        weights.Add("transformer.h.0.attn.bias", torch.ones([1, 1, 16, 16]));
        weights.Add("transformer.h.0.attn.masked_bias", torch.tensor(-1e4f));
        using var model = HookedTransformer.Load(folder.Weights(weights).Root);
        Assert.Equal(24, model.Weights.Blocks[0].Qkv.Bias!.numel());
    }

    [Fact]
    public void A_head_stored_twice_is_tied_and_another_needs_the_setting()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Config(TinyModels.Gpt2Config());
        var weights = TinyModels.Gpt2Weights();
        weights.Add("lm_head.weight", weights["transformer.wte.weight"].clone());
        using (var model = HookedTransformer.Load(folder.Weights(weights).Root))
            Assert.True(model.Weights.Unembed.Weight.SharesMemoryWith(model.Weights.Embed));

        weights["lm_head.weight"] += 1;
        var error = Assert.Throws<ModelLoadException>(() => HookedTransformer.Load(folder.Weights(weights).Root));
        Assert.Contains("\"tie_word_embeddings\": false", error.Message, StringComparison.Ordinal);
        folder.Config(TinyModels.Gpt2Config(), ("tie_word_embeddings", false));
        using var own = HookedTransformer.Load(folder.Root);
        Assert.True(own.W_U.Equals(weights["lm_head.weight"].t()));
    }

    [Fact]
    public void Settings_of_the_scores_reach_the_model()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Weights(TinyModels.Gpt2Weights())
            .Config(TinyModels.Gpt2Config(), ("scale_attn_weights", false), ("scale_attn_by_inverse_layer_idx", true), ("eos_token_id", 7), ("n_inner", 12));
        using var model = HookedTransformer.Load(folder.Root);
        Assert.False(model.Config.UseAttnScale);
        Assert.True(model.Config.ScaleAttnByInverseLayerIdx);
        Assert.Equal(0.5, model.Config.ScoreFactor(1));
        Assert.Equal(7, model.Config.EosTokenId);
    }

    [Fact]
    public void An_end_token_outside_the_vocabulary_is_none()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Weights(TinyModels.Gpt2Weights()).Config(TinyModels.Gpt2Config(), ("eos_token_id", 50256));
        using var model = HookedTransformer.Load(folder.Root);
        Assert.Null(model.Config.EosTokenId);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    public void Weights_are_converted_when_asked_for(ScalarType dtype)
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TestFolder().Weights(TinyModels.Gpt2Weights()).Config(TinyModels.Gpt2Config());
        using var model = HookedTransformer.Load(folder.Root, new LoadOptions { Dtype = dtype });
        Assert.Equal(dtype, model.Config.Dtype);
        Assert.All(model.Weights.Named(), pair => Assert.Equal(dtype, pair.Tensor.dtype));
    }
}
