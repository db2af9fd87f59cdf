using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Processing;

/// <summary><c>refactor_factored_attn_matrices</c>: every head's QK and OV matrices get orthogonal factors.</summary>
/// <remarks>
/// Scores depend on W_Q W_Kᵀ only, and outputs on W_V W_O only: for any invertible M, W_Q M and W_K M⁻ᵀ give the same
/// scores. The singular value decomposition chooses among them (Elhage et al. 2021, "A mathematical framework for
/// transformer circuits"):
/// <code>
/// [W_Q; b_Q] [W_K; b_K]ᵀ = U S Vᵀ    [W_Q; b_Q] ← U √S,  [W_K; b_K] ← V √S
///  W_V W_O               = U S Vᵀ     W_V       ← U S,    W_O       ← Vᵀ
/// </code>
/// The biases of queries and keys are a last row, read by an input that is always 1; the value biases are first moved
/// into b_O (<see cref="WeightProcessing.FoldValueBiases"/>). Dimensions of a head are then ordered by what they contribute, and their sign is
/// free. It needs scores that are a product of query and key alone: not with rotary positions or norms between, nor
/// where several heads share a key.
/// </remarks>
internal sealed class RefactorAttention : WeightStep
{
    internal override string Name => "refactor_factored_attn_matrices";

    internal override string? Invalid(ModelParts model) =>
        model.Config.PositionalEmbeddingType == PositionalEmbeddingType.Rotary
            ? "rotary positions turn queries and keys, so scores are not W_Q W_Kᵀ alone"
        : model.Config.UseQkNorm ? "a norm stands between queries, keys and their product"
        : model.Config.KeyValueHeads != model.Config.NHeads
            ? $"{model.Config.NHeads} query heads share {model.Config.KeyValueHeads} keys, which cannot be factored for each"
        : model.Weights.Blocks.All(block => block.Qkv.Bias is null) ? null
        : FoldValues.EmptyRow(model.Config);

    internal override ModelParts Apply(ModelParts model) =>
        model with { Weights = model.Weights with { Blocks = [.. model.Weights.Blocks.Select(b => Refactor(model.Config, b))] } };

    private static BlockWeights Refactor(HookedTransformerConfig config, BlockWeights block)
    {
        block = FoldValues.Fold(config, block);
        RefactorQk(block.Qkv, config.NHeads, config.DHead);
        RefactorOv(block, config.NHeads, config.DHead);
        return block;
    }

    private static void RefactorQk(LinearWeights qkv, int heads, int width)
    {
        using var scope = torch.NewDisposeScope();
        var (query, queryBias) = (WeightEdit.Heads(qkv, 0, heads, width), WeightEdit.HeadBiases(qkv, 0, heads, width));
        var (key, keyBias) = (WeightEdit.Heads(qkv, heads, heads, width), WeightEdit.HeadBiases(qkv, heads, heads, width));
        var (u, s, v) = Decompose(WithBias(query, queryBias), WithBias(key, keyBias));
        var root = s.sqrt().unsqueeze(1); // [head, 1, d_head]
        Write(u * root, query, queryBias);
        Write(v * root, key, keyBias);
    }

    private static void RefactorOv(BlockWeights block, int heads, int width)
    {
        using var scope = torch.NewDisposeScope();
        var value = WeightEdit.Heads(block.Qkv, 2 * heads, heads, width); // [head, d_model, d_head]
        var output = block.Out.Weight.SplitDimension(0, heads, width).transpose(1, 2); // [head, d_model, d_head]
        var (u, s, v) = Decompose(value.to(ScalarType.Float64), output.to(ScalarType.Float64));
        value.copy_(u * s.unsqueeze(1));
        output.copy_(v);
    }

    /// <summary>
    /// a bᵀ = U diag(S) Vᵀ for a [head, m, k] and b [head, n, k], with k columns each. Orthogonal factors first, so that
    /// only a k × k matrix is decomposed and no m × n one is made.
    /// </summary>
    private static (Tensor U, Tensor S, Tensor V) Decompose(Tensor a, Tensor b)
    {
        var ((qa, ra), (qb, rb)) = (torch.linalg.qr(a), torch.linalg.qr(b));
        var (u, s, vh) = torch.linalg.svd(ra.MatMul(rb.transpose(1, 2)), fullMatrices: false);
        var missing = a.size(2) - s.size(1);
        return (Pad(qa.MatMul(u), missing), Pad(s, missing), Pad(qb.MatMul(vh.transpose(1, 2)), missing));
    }

    /// <summary>Heads wider than the stream have dimensions to spare: they become zero.</summary>
    private static Tensor Pad(Tensor x, long missing) =>
        missing == 0 ? x : torch.cat([x, torch.zeros([.. x.shape[..^1], missing], x.dtype, x.device)], -1);

    private static Tensor WithBias(Tensor weight, Tensor? bias)
    {
        var whole = bias is null ? weight : torch.cat([weight, bias.unsqueeze(1)], 1); // [head, d_model + 1, d_head]
        return whole.to(ScalarType.Float64);
    }

    private static void Write(Tensor whole, Tensor weight, Tensor? bias)
    {
        var rows = weight.size(1);
        weight.copy_(whole.narrow(1, 0, rows));
        bias?.copy_(whole.select(1, rows));
    }
}
