using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

/// <summary>Lowers scores in proportion to the distance of query and key (ALiBi, Press et al. 2021).</summary>
internal static class Alibi
{
    /// <summary>The bias of the scores [head, query, key]: −slope · distance; 0 for later keys.</summary>
    internal static Tensor Bias(int heads, long queries, long keys, Device device)
    {
        using var scope = torch.NewDisposeScope();
        var slopes = torch.tensor(Slopes(heads), device: device).view(heads, 1, 1);
        var query = torch.arange(keys - queries, keys, 1, ScalarType.Float32, device).unsqueeze(1);
        var distance = (query - torch.arange(keys, ScalarType.Float32, device).unsqueeze(0)).clamp_min(0); // [query, key]
        return scope.MoveToOuter(-(slopes * distance));
    }

    /// <summary>
    /// Falcon's bias of the scores before they are scaled, [1 or batch, head, query, key]: a_key − a_query, where a is the
    /// slope times the position in bfloat16, so that beyond 256 positions neighbours fall together.
    /// </summary>
    /// <param name="heads">Heads.</param>
    /// <param name="queries">Queries, the last ones.</param>
    /// <param name="positions">Of all keys [1 or batch, key], integers.</param>
    internal static Tensor RoundedBias(int heads, long queries, Tensor positions)
    {
        using var scope = torch.NewDisposeScope();
        var slopes = torch.tensor(Slopes(heads), device: positions.device).to(ScalarType.BFloat16).view(1, heads, 1);
        var keys = (slopes * positions.to(ScalarType.BFloat16).unsqueeze(1)).to(ScalarType.Float32); // [batch, head, key]
        var own = keys.narrow(2, keys.size(2) - queries, queries);
        return scope.MoveToOuter(keys.unsqueeze(2) - own.unsqueeze(3));
    }

    /// <summary>
    /// A geometric sequence from 2^(−8/n) for n heads, n a power of two; other numbers take every other slope of twice as
    /// many heads for those left over.
    /// </summary>
    internal static float[] Slopes(int heads)
    {
        var power = 1 << (int)Math.Log2(heads);
        IEnumerable<double> Sequence(int n) => Enumerable.Range(1, n).Select(k => Math.Pow(2, -8.0 * k / n));
        var rest = Sequence(2 * power).Where((_, k) => k % 2 == 0).Take(heads - power);
        return [.. Sequence(power).Concat(rest).Select(slope => (float)slope)];
    }
}
