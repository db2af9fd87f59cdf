using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Processing;

/// <summary><c>fold_ln</c>: the norms' scale and shift move into the weights that read their output.</summary>
/// <remarks>
/// With n = (x − mean) / σ, or x / rms, a norm followed by a linear map is
/// <code>
/// (n ∘ w + b) W + c  =  n (diag(w) W)  +  (b W + c)
/// </code>
/// so W becomes diag(w) W, c becomes b W + c, and what is left of the norm has no weights (LN → LNPre, RMS → RMSPre). The
/// n of a LayerNorm has mean zero, so adding a constant to a column of W changes nothing: the columns are centred too,
/// which leaves in W only what can be read. Readers are queries, keys and values (ln1); the MLP's two inputs, or router
/// and experts (ln2); the second matrix of a SoLU MLP (mlp.ln); the unembedding (ln_final).
/// </remarks>
internal sealed class FoldNorms : WeightStep
{
    internal override string Name => "fold_ln";

    internal override string? Idle(ModelParts model) => model.Config.NormalizationType switch
    {
        NormalizationType.None => "the model has no norms",
        NormalizationType.LNPre or NormalizationType.RMSPre => "the norms have no weights",
        _ => null,
    };

    internal override string? Invalid(ModelParts model)
    {
        if (model.Config.PositionalEmbeddingType == PositionalEmbeddingType.Shortformer)
            return "a shortformer adds positions behind the norm, and they must not be scaled with it";
        for (var layer = 0; layer < model.Weights.Blocks.Count; layer++)
            if (IsGated(model.Weights.Blocks[layer]) && HasShift(model.Weights.Blocks[layer].Ln2))
                return $"blocks.{layer}.ln2 shifts what a gated MLP reads, whose linear branch has no bias for that";
        return null;
    }

    internal override ModelParts Apply(ModelParts model)
    {
        var center = model.Config.NormalizationType == NormalizationType.LN;
        var weights = WeightEdit.Untie(model.Weights);
        weights = weights with
        {
            Blocks = [.. weights.Blocks.Select(block => Fold(block, center))],
            Unembed = Fold(weights.LnFinal, weights.Unembed, center),
            LnFinal = null,
        };
        var folded = center ? NormalizationType.LNPre : NormalizationType.RMSPre;
        return new ModelParts(model.Config with { NormalizationType = folded }, weights);
    }

    private static BlockWeights Fold(BlockWeights block, bool center) => block with
    {
        Qkv = Fold(block.Ln1, block.Qkv, center),
        Mlp = block.Mlp is null ? null : Fold(block.Ln2, block.Mlp, center),
        Moe = block.Moe is null ? null : new MoeWeights(
            Fold(block.Ln2, block.Moe.Router, center),
            [.. block.Moe.Experts.Select(expert => Fold(block.Ln2, expert, center))]),
        Ln1 = null,
        Ln2 = null,
    };

    private static MlpWeights Fold(NormWeights? norm, MlpWeights mlp, bool center) => mlp with
    {
        // The bias of a gated MLP's linear branch stands behind the product: no shift of the input can go there.
        In = Fold(mlp.Gate is null ? norm : norm is null ? null : norm with { Bias = null }, mlp.In, center),
        Gate = mlp.Gate is null ? null : Fold(norm, mlp.Gate, center),
        // The norm of the neurons is a LayerNorm whatever the others are.
        Out = Fold(mlp.Ln, mlp.Out, center: true),
        Ln = null,
    };

    /// <param name="norm">Scale and shift, or null for nothing to fold.</param>
    /// <param name="reader">[in, out]; changed in place.</param>
    /// <param name="center">Whether the norm takes the mean off its input.</param>
    private static LinearWeights Fold(NormWeights? norm, LinearWeights reader, bool center)
    {
        if (norm is null) return reader;
        using var scope = torch.NewDisposeScope();
        var bias = reader.Bias;
        WeightEdit.InPlace(reader.Weight, w =>
        {
            // The shift goes through the matrix as it was.
            if (norm.Bias is not null) bias = WeightEdit.Add(bias, w.t().mv(norm.Bias.to(w.dtype)), reader.Weight.dtype);
            if (norm.Weight is not null) w.mul_(norm.Weight.to(w.dtype).unsqueeze(1));
            if (center) w.sub_(w.mean([0], true));
        });
        return reader with { Bias = bias is null ? null : scope.MoveToOuter(bias) };
    }

    private static bool IsGated(BlockWeights block) => block.Mlp?.Gate is not null || block.Moe is not null;

    private static bool HasShift(NormWeights? norm)
    {
        if (norm?.Bias is null) return false;
        using var scope = torch.NewDisposeScope();
        return norm.Bias.ne(0).any().ToBoolean();
    }
}
