using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>The loss of one batch and what it was computed from.</summary>
/// <param name="Total">What is minimized, one number with a graph.</param>
/// <param name="Reconstruction">Mean over the batch of the squared error summed over the width.</param>
/// <param name="Sparsity">The sparsity term with its coefficient; 0 where the kind has none.</param>
/// <param name="Auxiliary">What else was added: dead features, the gate, inner prefixes; 0 where there is
/// nothing.</param>
/// <param name="Features">The activations of the features [batch, d_sae].</param>
/// <param name="Output">The reconstruction, of the target's shape.</param>
public sealed record DictionaryLoss(Tensor Total, Tensor Reconstruction, Tensor Sparsity, Tensor Auxiliary,
    Tensor Features, Tensor Output);
