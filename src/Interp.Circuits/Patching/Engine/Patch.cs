using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Patching.Engine;

/// <summary>A part of one hook's value and what to put there.</summary>
/// <param name="Kind">The hook.</param>
/// <param name="Layer">Its layer.</param>
/// <param name="Head">The head; −1 for all, and where the value has none.</param>
/// <param name="Positions">The positions; of scores and pattern the queries.</param>
/// <param name="Key">The key of scores and pattern; −1 for all.</param>
/// <param name="Values">
/// Whole values [sequences, pos, …] or [sequences, head, query, key], contiguous; the same part of them is put.
/// </param>
/// <param name="FirstSequence">The sequence of <see cref="Values"/> that belongs to the first of the batch.</param>
internal sealed record Patch(PatchKind Kind, int Layer, int Head, int[] Positions, int Key, Tensor Values,
    int FirstSequence)
{
    /// <summary>Whether the kind is one of attention's inputs: a patch there is felt by attention in the same
    /// layer.</summary>
    internal bool ReachesAttention => Kind is >= PatchKind.ResidPre and <= PatchKind.Pattern;
}
