using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Processing;

/// <summary>Changes weights where they lie, one tensor at a time.</summary>
internal static class WeightEdit
{
    /// <summary>Changes a tensor in place, in single precision at least: half precision is rounded once, at the end.</summary>
    internal static void InPlace(Tensor weight, Action<Tensor> edit)
    {
        if (weight.dtype is not (ScalarType.Float16 or ScalarType.BFloat16))
        {
            edit(weight);
            return;
        }
        using var wide = weight.to(ScalarType.Float32);
        edit(wide);
        weight.copy_(wide);
    }

    /// <summary>Takes the mean along a dimension off.</summary>
    internal static void Center(Tensor? weight, long dim)
    {
        if (weight is null) return;
        using var scope = torch.NewDisposeScope();
        InPlace(weight, w => w.sub_(w.mean([dim], true)));
    }

    /// <summary>bias + addend in place, or the addend in the weights' element type where there is no bias yet.</summary>
    internal static Tensor Add(Tensor? bias, Tensor addend, ScalarType dtype)
    {
        if (bias is null) return addend.to(dtype).clone();
        InPlace(bias, b => b.add_(addend));
        return bias;
    }

    /// <summary>Gives a tied unembedding memory of its own, so that it can differ from the embedding.</summary>
    internal static ModelWeights Untie(ModelWeights weights) =>
        weights.Unembed.Weight.SharesMemoryWith(weights.Embed)
            ? weights with { Unembed = weights.Unembed with { Weight = weights.Unembed.Weight.clone() } }
            : weights;

    /// <summary>The columns of queries, keys or values by head [head, d_model, d_head], a view.</summary>
    internal static Tensor Heads(LinearWeights qkv, int first, int count, int width) =>
        qkv.Weight.narrow(1, (long)first * width, (long)count * width).SplitDimension(1, count, width).permute(1, 0, 2);

    /// <summary>The biases of queries, keys or values by head [head, d_head], a view; null where there are none.</summary>
    internal static Tensor? HeadBiases(LinearWeights qkv, int first, int count, int width) =>
        qkv.Bias?.narrow(0, (long)first * width, (long)count * width).view(count, width);
}
