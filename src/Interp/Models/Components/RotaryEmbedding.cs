using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

/// <summary>
/// Turns pairs of dimensions of queries and keys by position · base^(−2i/n) (RoFormer, Su et al. 2021, eq. 34).
/// </summary>
internal sealed class RotaryEmbedding : IDisposable
{
    private const long FirstRows = 256;

    private readonly HookedTransformerConfig config;
    private readonly double frequencyBase;
    private readonly RotaryScaling? scaling;
    private readonly Device device;
    private readonly int rotated;
    private readonly bool adjacent;
    private Tensor? cos;
    private Tensor? sin;

    /// <param name="config">Sizes and pairs.</param>
    /// <param name="frequencyBase">Base of the frequencies.</param>
    /// <param name="scaling">How they are changed, or null.</param>
    /// <param name="device">Where the tables lie.</param>
    internal RotaryEmbedding(HookedTransformerConfig config, double frequencyBase, RotaryScaling? scaling, Device device)
    {
        this.config = config;
        this.frequencyBase = frequencyBase;
        this.scaling = scaling;
        this.device = device;
        rotated = config.RotaryDim ?? config.DHead;
        adjacent = config.RotaryAdjacentPairs;
    }

    /// <summary>Rotates [batch, pos, head, d_head].</summary>
    /// <param name="x">Queries or keys.</param>
    /// <param name="positions">Where they stand.</param>
    internal Tensor Apply(Tensor x, Positions positions)
    {
        Cover(positions.End);
        using var scope = torch.NewDisposeScope();
        var (c, s) = (Rows(cos!, positions), Rows(sin!, positions)); // [1 or batch, pos, 1, rotated]
        var whole = x.size(-1) == rotated;
        var part = whole ? x : x.narrow(-1, 0, rotated);
        var turned = part * c + Partner(part) * s;
        if (!whole) turned = torch.cat([turned, x.narrow(-1, rotated, x.size(-1) - rotated)], -1);
        return scope.MoveToOuter(turned);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        cos?.Dispose();
        sin?.Dispose();
    }

    private static Tensor Rows(Tensor table, Positions positions) => positions.Rows(table).unsqueeze(2);

    /// <summary>
    /// Makes the tables [positions, rotated] long enough. No weight bounds the context that a configuration may claim,
    /// so they grow with the texts.
    /// </summary>
    private void Cover(long positions)
    {
        if (cos is not null && cos.size(0) >= positions) return;
        Dispose();
        // What is made in inference mode could not be used in training later.
        using var normal = torch.inference_mode(false);
        using var scope = torch.NewDisposeScope();
        var frequencies = torch.tensor(Enumerable.Range(0, rotated / 2)
            .Select(i => Math.Pow(frequencyBase, -2.0 * i / rotated))
            .Select(frequency => scaling?.Scale(frequency) ?? frequency).ToArray());
        var rows = Math.Min(Math.Max(2 * positions, FirstRows), config.NCtx);
        var angles = torch.arange(rows, ScalarType.Float64).outer(frequencies); // [rows, rotated / 2]
        // Both members of a pair get the angle, wherever they stand.
        angles = adjacent ? angles.repeat_interleave(2, 1) : torch.cat([angles, angles], 1); // [rows, rotated]
        cos = angles.cos().to(config.Dtype, device).DetachFromDisposeScope();
        sin = angles.sin().to(config.Dtype, device).DetachFromDisposeScope();
    }

    /// <summary>The other member of every pair, with the sign of a quarter turn: (a, b) → (−b, a).</summary>
    private Tensor Partner(Tensor x)
    {
        var half = rotated / 2;
        if (!adjacent) return torch.cat([-x.narrow(-1, half, half), x.narrow(-1, 0, half)], -1);
        var pairs = x.reshape([.. x.shape[..^1], half, 2]);
        return torch.stack([-pairs.select(-1, 1), pairs.select(-1, 0)], -1).flatten(-2);
    }
}
