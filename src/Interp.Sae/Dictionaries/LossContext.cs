using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>What a loss depends on beyond its batch.</summary>
/// <param name="SparsityScale">The factor of the sparsity coefficient, which warm-up raises from 0 to 1.</param>
/// <param name="Dead">Bool [d_sae]: the features that count as dead now; null for none.</param>
public readonly record struct LossContext(double SparsityScale, Tensor? Dead = null)
{
    /// <summary>The full sparsity coefficient and no dead features.</summary>
    public static LossContext Default => new(1);
}
