using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>The residual stream as it grows, and as the sum of what wrote to it.</summary>
/// <remarks>
/// Everything that a transformer writes is added to one stream, resid = embed + pos_embed + Σ attn_out + Σ mlp_out.
/// <see cref="AccumulatedResid"/> shows partial sums of it, which unembedded are the logit lens (nostalgebraist 2020);
/// <see cref="DecomposeResid"/> shows the terms.
/// <code>
/// var (values, labels) = cache.DecomposeResid(applyLn: true, pos: ^1);   // [component, batch, d_model]
/// </code>
/// </remarks>
public static class ResidualStacks
{
    /// <summary>The residual stream before every layer up to one.</summary>
    /// <param name="cache">
    /// Holds <c>resid_pre</c> of these layers, and the last <c>resid_post</c> for the whole model.
    /// </param>
    /// <param name="layer">
    /// Up to the input of this layer; null for everything, up to what the unembedding reads.
    /// </param>
    /// <param name="inclMid">Also between attention and MLP (<c>resid_mid</c>).</param>
    /// <param name="applyLn">
    /// Each stream goes through the norm before <paramref name="layer"/>, or before the unembedding, with a scale of
    /// its own: what the layer would read if the layers between were left out. TransformerLens does the same for the
    /// unembedding, but for other layers uses the one scale of the full stream, and no weights.
    /// </param>
    /// <param name="pos">Which positions.</param>
    /// <param name="mlpInput">Up to the input of the layer's MLP.</param>
    /// <returns>[component, batch, pos, d_model], labelled <c>0_pre</c>, <c>0_mid</c>, …, <c>final_post</c>.</returns>
    public static LabelledStack AccumulatedResid(this ActivationCache cache, int? layer = null, bool inclMid = false,
        bool applyLn = false, Slice pos = default, bool mlpInput = false)
    {
        var model = CacheModel.Of(cache);
        var target = CacheModel.InputLayer(model.Config, layer, mlpInput);
        if (inclMid) RequireMid(model.Config);
        using var scope = torch.NewDisposeScope();
        var parts = new List<(string Label, Tensor Value)>();
        for (var l = 0; l <= target; l++)
        {
            if (l == model.Config.NLayers) parts.Add(("final_post", cache["resid_post", l - 1]));
            else parts.Add(($"{l}_pre", cache["resid_pre", l]));
            var mid = l < target ? inclMid : mlpInput && CacheModel.MlpReadsAttention(model.Config);
            if (mid) parts.Add(($"{l}_mid", cache["resid_mid", l]));
        }
        var values = torch.stack([.. parts.Select(part => pos.Apply(part.Value, -2))]);
        if (applyLn) values = NormApplication.Whole(model, values, target, mlpInput);
        return new LabelledStack(scope.MoveToOuter(values), [.. parts.Select(part => part.Label)]);
    }

    /// <summary>
    /// What the embedding and every layer wrote to the stream that a layer reads; the sum is that stream.
    /// </summary>
    /// <param name="cache">Holds <c>attn_out</c> and <c>mlp_out</c> of these layers, and the embeddings.</param>
    /// <param name="layer">The layer that reads; null for the unembedding.</param>
    /// <param name="mlpInput">The layer's MLP reads; then its attention is listed too.</param>
    /// <param name="mode">Both kinds of layers, or one.</param>
    /// <param name="applyLn">As the layer reads them behind its norm, see <see cref="NormApplication"/>.</param>
    /// <param name="pos">Which positions.</param>
    /// <param name="inclEmbeds">The embedding of tokens and, where it is added to the stream, of positions.</param>
    /// <param name="applyWeight">With <paramref name="applyLn"/>: also the norm's weight.</param>
    /// <returns>
    /// [component, batch, pos, d_model], labelled <c>embed</c>, <c>pos_embed</c>, <c>0_attn_out</c>, <c>0_mlp_out</c> …
    /// </returns>
    public static LabelledStack DecomposeResid(this ActivationCache cache, int? layer = null, bool mlpInput = false,
        DecompositionMode mode = DecompositionMode.All, bool applyLn = false, Slice pos = default,
        bool inclEmbeds = true, bool applyWeight = true)
    {
        var model = CacheModel.Of(cache);
        var target = CacheModel.InputLayer(model.Config, layer, mlpInput);
        using var scope = torch.NewDisposeScope();
        var parts = inclEmbeds ? [.. Embeddings(cache, model.Config)] : new List<(string Label, Tensor Value)>();
        for (var l = 0; l < target; l++)
        {
            if (mode != DecompositionMode.Mlp) parts.Add(($"{l}_attn_out", cache["attn_out", l]));
            if (mode != DecompositionMode.Attn && !model.Config.AttnOnly)
                parts.Add(($"{l}_mlp_out", cache["mlp_out", l]));
        }
        if (mlpInput && mode != DecompositionMode.Mlp && CacheModel.MlpReadsAttention(model.Config))
            parts.Add(($"{target}_attn_out", cache["attn_out", target]));
        if (parts.Count == 0)
            throw new ArgumentException($"nothing is written before layer {target} but embeddings, and inclEmbeds is " +
                "false: the stack would be empty");
        var values = torch.stack([.. parts.Select(part => pos.Apply(part.Value, -2))]);
        if (applyLn)
            values = FrozenNorm.Before(cache, target, mlpInput, Slice.All, pos)
                .Apply(values, InPlace(values), applyWeight);
        return new LabelledStack(scope.MoveToOuter(values), [.. parts.Select(part => part.Label)]);
    }

    /// <summary>One activation of every layer side by side.</summary>
    /// <param name="cache">Holds it.</param>
    /// <param name="name">The short form of the activation, for example <c>pattern</c>.</param>
    /// <param name="layer">The layers before this one; null for all.</param>
    /// <param name="layerType">Where the name alone is ambiguous: <c>attn</c>, <c>mlp</c>, <c>ln1</c> …</param>
    /// <returns>[layer, …], labelled by layer.</returns>
    public static LabelledStack StackActivation(this ActivationCache cache, string name, int? layer = null,
        string? layerType = null)
    {
        var stop = CacheModel.InputLayer(CacheModel.Of(cache).Config, layer, mlpInput: false);
        if (stop == 0) throw new ArgumentException($"there is no '{name}' before layer 0: the stack would be empty");
        using var scope = torch.NewDisposeScope();
        var values = torch.stack([.. Enumerable.Range(0, stop).Select(l => cache[name, l, layerType])]);
        return new LabelledStack(scope.MoveToOuter(values), [.. Enumerable.Range(0, stop).Select(l => $"{l}_{name}")]);
    }

    /// <summary>What stands in the stream before the first layer.</summary>
    internal static IEnumerable<(string Label, Tensor Value)> Embeddings(ActivationCache cache,
        HookedTransformerConfig config)
    {
        yield return ("embed", cache["hook_embed"]);
        // A shortformer's positions go to queries and keys, not to the stream.
        if (config.PositionalEmbeddingType == PositionalEmbeddingType.Standard)
            yield return ("pos_embed", cache["hook_pos_embed"]);
    }

    /// <summary>A stack of one's own is changed where it lies, unless gradients go through it.</summary>
    internal static bool InPlace(Tensor stack) => !stack.requires_grad;

    private static void RequireMid(HookedTransformerConfig config)
    {
        if (config.AttnOnly || config.ParallelAttnMlp)
            throw new ArgumentException(
                $"inclMid: {config.ModelName} has no resid_mid, because " +
                (config.AttnOnly ? "it has no MLPs" : "attention and MLP read the stream in parallel"));
    }
}
