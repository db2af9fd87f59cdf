using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

/// <summary>What attention reads: one normalized stream, or one a head where hooks have split it.</summary>
/// <param name="Shared">[batch, pos, d_model]; null when all three below are given.</param>
/// <param name="Query">[batch, pos, head, d_model], or null for the shared stream.</param>
/// <param name="Key">[batch, pos, kv_head, d_model], or null for the shared stream.</param>
/// <param name="Value">[batch, pos, kv_head, d_model], or null for the shared stream.</param>
internal readonly record struct AttentionInputs(Tensor? Shared, Tensor? Query, Tensor? Key, Tensor? Value)
{
    /// <summary>What queries and keys read in place of the shared stream [batch, pos, d_model], or null.</summary>
    internal Tensor? QueryKey { get; init; }
}
