using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>
/// Who reads a decomposed stream, and what of it: all of d_model, or only what it has along some directions, which is
/// settled before anything as large as the stream is made.
/// </summary>
internal sealed class StreamReader
{
    private readonly ActivationCache cache;
    private readonly Slice pos;
    private readonly FrozenNorm? norm;
    private readonly bool applyWeight;
    private readonly bool oneDirection;
    private readonly bool recordsWeights;
    private readonly Tensor? directions; // [d_model, k], before the norm

    /// <param name="cache">The activations.</param>
    /// <param name="layer">The layer that reads.</param>
    /// <param name="mlpInput">Its MLP.</param>
    /// <param name="pos">Which positions.</param>
    /// <param name="applyLn">Behind the norm.</param>
    /// <param name="applyWeight">With the norm's weight.</param>
    /// <param name="projectOnto">[d_model] or [d_model, k], or null.</param>
    internal StreamReader(ActivationCache cache, int layer, bool mlpInput, Slice pos, bool applyLn, bool applyWeight,
        Tensor? projectOnto)
    {
        this.cache = cache;
        this.pos = pos;
        this.applyWeight = applyWeight;
        var width = CacheModel.Of(cache).Config.DModel;
        if (projectOnto is not null && (projectOnto.dim() is not (1 or 2) || projectOnto.size(0) != width))
            throw new ArgumentException(
                $"projectOnto is [{string.Join(", ", projectOnto.shape)}]; it must be [{width}] or [{width}, " +
                "directions]", nameof(projectOnto));
        norm = applyLn ? FrozenNorm.Before(cache, layer, mlpInput, Slice.All, pos) : null;
        oneDirection = projectOnto?.dim() == 1;
        directions = oneDirection ? projectOnto!.unsqueeze(1) : projectOnto;
        if (directions is not null && norm is not null) directions = norm.PullBack(directions.t(), applyWeight).t();
        Width = directions?.size(1) ?? width;
        var writes = CacheModel.Of(cache).Weights.Blocks[0].Out.Weight.requires_grad;
        recordsWeights = torch.is_grad_enabled() && (writes || directions?.requires_grad == true);
    }

    /// <summary>Whether gradients go through results computed from an activation.</summary>
    internal bool Records(Tensor activation) => recordsWeights || (torch.is_grad_enabled() && activation.requires_grad);

    /// <summary>The last dimension of results.</summary>
    internal long Width { get; }

    /// <summary>Sizes of batch and pos, as sliced.</summary>
    internal long[] Leading(Tensor stream)
    {
        using var part = pos.Apply(stream, -2);
        return part.shape[..^1];
    }

    /// <summary>Rows [..., d_model] of the stream as the reader sees them, but for the norm.</summary>
    internal Tensor See(Tensor rows) => directions is null ? rows : rows.MatMul(directions);

    /// <summary>
    /// What attention or MLP of a layer write with, [..., d_model], as the reader sees it, and what is left to do with
    /// the results: the norm behind them, if there is one.
    /// </summary>
    internal (Tensor Matrix, Func<Tensor, bool, Tensor>? Then) Write(int layer, bool mlp, Tensor matrix)
    {
        var behind = FrozenNorm.Behind(cache, layer, mlp, pos);
        if (behind is null) return (See(matrix), null);
        if (directions is null) return (matrix, (parts, inPlace) => behind.Apply(parts, inPlace));
        return (matrix.MatMul(behind.PullBack(directions.t()).t()), behind.DivideByScale);
    }

    /// <summary>The finished stack: the norm is last, for everything at once.</summary>
    internal LabelledStack Finish(StackBuilder builder)
    {
        var (values, labels) = builder.Finish();
        var inPlace = ResidualStacks.InPlace(values);
        if (norm is not null)
            values = directions is null
                ? norm.Apply(values, inPlace, applyWeight) : norm.DivideByScale(values, inPlace);
        return new LabelledStack(oneDirection ? values.squeeze(-1) : values, labels);
    }
}
