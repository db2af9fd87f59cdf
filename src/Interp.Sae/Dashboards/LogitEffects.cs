using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dashboards;

/// <summary>The logit lens of directions: which tokens a direction in the residual stream raises and lowers.</summary>
/// <remarks>
/// <code>
/// logits(d) = ((d − mean d) ∘ w_final) W_U, less their mean over the vocabulary
/// </code>
/// nostalgebraist 2020, for a direction in place of a stream: the final norm is linear once its scale is held fixed, so
/// the numbers are what a step of length 1 along d adds at a scale of 1, and a common offset of all logits changes no
/// probability. The mean of d is taken off for LayerNorm only; without a norm there is no w. On a model whose weights
/// were processed (norms folded, unembedding centred) this is <c>d W_U</c>, which sae_vis and Neuronpedia show; here
/// raw and processed weights give the same numbers.
/// </remarks>
public static class LogitEffects
{
    /// <summary>Bins of the histogram.</summary>
    public const int Bins = 40;

    private const long Chunk = 1 << 24; // logits at a time: 64 MB

    /// <summary>The effects of directions.</summary>
    /// <param name="model">The model.</param>
    /// <param name="directions">In the residual stream [features, d_model].</param>
    /// <param name="count">Tokens at either end.</param>
    /// <param name="cancellation">Stops between chunks.</param>
    public static IReadOnlyList<LogitEffect> Measure(HookedTransformer model, Tensor directions, int count,
        CancellationToken cancellation = default)
    {
        using var noGrad = torch.no_grad();
        var effects = new List<LogitEffect>();
        var step = Math.Max(1, Chunk / model.Config.OutputSize);
        for (var start = 0L; start < directions.size(0); start += step)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            Add(effects, Logits(model, directions.narrow(0, start, Math.Min(step, directions.size(0) - start))), count);
        }

        return effects;
    }

    /// <summary>What directions add to the logits, centred over the vocabulary.</summary>
    /// <param name="model">The model.</param>
    /// <param name="directions">[…, d_model]</param>
    /// <returns>[…, outputs]</returns>
    public static Tensor Logits(HookedTransformer model, Tensor directions)
    {
        using var scope = torch.NewDisposeScope();
        var d = directions.to(model.Config.Dtype);
        if (model.Config.NormalizationType is NormalizationType.LN or NormalizationType.LNPre) d = d - d.mean(-1, true);
        if (model.Weights.LnFinal?.Weight is { } weight) d = d * weight;
        var logits = d.MatMul(model.Weights.Unembed.Weight).to(ScalarType.Float32);
        return scope.MoveToOuter(logits - logits.mean(-1, true));
    }

    private static void Add(List<LogitEffect> effects, Tensor logits, int count)
    {
        count = (int)Math.Min(count, logits.size(1));
        var (top, bottom) = (Ends(logits, count, largest: true), Ends(logits, count, largest: false));
        var (low, high) = (logits.amin([1], true), logits.amax([1], true));
        var bins = ((logits - low) / (high - low).clamp_min(1e-30) * Bins).clamp(0, Bins - 1).to(ScalarType.Int64);
        var counts = torch.zeros([logits.size(0), Bins], ScalarType.Int64, logits.device)
            .scatter_add_(1, bins, torch.ones_like(bins)).cpu().ToArray<long>();
        var (lows, highs) = (low.cpu().ToArray<float>(), high.cpu().ToArray<float>());
        for (var i = 0; i < lows.Length; i++)
            effects.Add(new LogitEffect(top[i], bottom[i], lows[i], highs[i],
                Array.ConvertAll(counts[(i * Bins)..((i + 1) * Bins)], n => (int)n)));
    }

    private static TokenLogit[][] Ends(Tensor logits, int count, bool largest)
    {
        var (values, indices) = logits.topk(count, 1, largest);
        var (v, t) = (values.cpu().contiguous().ToArray<float>(), indices.cpu().contiguous().ToArray<long>());
        return [.. Enumerable.Range(0, (int)logits.size(0)).Select(row =>
            Enumerable.Range(row * count, count).Select(i => new TokenLogit((int)t[i], v[i])).ToArray())];
    }
}
