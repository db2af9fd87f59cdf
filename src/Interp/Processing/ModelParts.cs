using Interp.Models;

namespace Interp.Processing;

/// <summary>A model while it is rewritten.</summary>
/// <param name="Config">The architecture, which says whether norms are folded.</param>
/// <param name="Weights">All weights.</param>
internal sealed record ModelParts(HookedTransformerConfig Config, ModelWeights Weights);
