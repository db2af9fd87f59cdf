using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

/// <summary>Which keys every query of a run may see in a layer.</summary>
/// <param name="Causal">Query i, at position keys − queries + i, sees no later key.</param>
/// <param name="Allowed">Bool, broadcasts to [batch, head, query, key]; null where all others are allowed.</param>
internal readonly record struct AttentionVisibility(bool Causal, Tensor? Allowed)
{
    /// <summary>One bool tensor of everything that forbids, or null where nothing does.</summary>
    internal Tensor? Combined(long queries, long keys, Device device)
    {
        if (!Causal) return Allowed;
        var triangle = torch.ones([queries, keys], ScalarType.Bool, device).tril(keys - queries);
        return Allowed is null ? triangle : triangle & Allowed;
    }
}
