using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Processing;

/// <summary><c>fold_value_biases</c>: the values' biases move into attention's output bias.</summary>
/// <remarks>
/// The rows of an attention pattern sum to one, so a head passes its value bias on as it is:
/// <code>
/// Σ_k A[q, k] (v_k + b_V) W_O  =  Σ_k A[q, k] v_k W_O  +  b_V W_O
/// b_O ← b_O + Σ_h b_V[h] W_O[h],  b_V ← 0
/// </code>
/// With grouped queries b_V[h] is that of the head's group. It holds while rows sum to one: not where the model's own
/// mask leaves a query nothing to look at, and no longer once a hook edits patterns or a run's mask empties a row: there
/// the result is that of a value bias that every query gets in full.
/// </remarks>
internal sealed class FoldValues : WeightStep
{
    internal override string Name => "fold_value_biases";

    internal override string? Idle(ModelParts model) =>
        model.Weights.Blocks.All(block => block.Qkv.Bias is null) ? "values have no biases" : null;

    internal override string? Invalid(ModelParts model) => EmptyRow(model.Config);

    internal override ModelParts Apply(ModelParts model) =>
        model with { Weights = model.Weights with { Blocks = [.. model.Weights.Blocks.Select(b => Fold(model.Config, b))] } };

    /// <summary>Why rows of a pattern do not all sum to one, or null where they do.</summary>
    internal static string? EmptyRow(HookedTransformerConfig config)
    {
        for (var layer = 0; layer < (config.AttentionMasks?.Count ?? 0); layer++)
            for (var query = 0; query < config.NCtx; query++)
                if (config.AttentionMasks![layer].AsSpan(query * config.NCtx, config.NCtx).IndexOf(true) < 0)
                    return $"the mask of layer {layer} leaves query {query} nothing to look at: its pattern is zero";
        return null;
    }

    internal static BlockWeights Fold(HookedTransformerConfig config, BlockWeights block)
    {
        var (heads, groups, width) = (config.NHeads, config.KeyValueHeads, config.DHead);
        if (block.Qkv.Bias is null) return block;
        using var scope = torch.NewDisposeScope();
        var values = WeightEdit.HeadBiases(block.Qkv, heads + groups, groups, width)!; // [kv_head, d_head]
        var byHead = values.repeat_interleave(heads / groups, 0).reshape(1, (long)heads * width);
        var added = Wide(byHead).mm(Wide(block.Out.Weight)).squeeze(0); // [d_model]
        var bias = scope.MoveToOuter(WeightEdit.Add(block.Out.Bias, added, block.Out.Weight.dtype));
        values.fill_(0);
        return block with { Out = block.Out with { Bias = bias } };
    }

    private static Tensor Wide(Tensor x) =>
        x.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? x.to(ScalarType.Float32) : x;
}
