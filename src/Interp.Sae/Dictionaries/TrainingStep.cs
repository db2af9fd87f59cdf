using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>What a step of training leaves beside the gradients.</summary>
/// <param name="Total">The loss, one number; so are its parts, which mean the same as in
/// <see cref="DictionaryLoss"/>.</param>
/// <param name="Reconstruction">The squared error.</param>
/// <param name="Sparsity">The sparsity term.</param>
/// <param name="Auxiliary">What else was added.</param>
/// <param name="Fired">On how many rows of the batch each feature was on: int64 [d_sae].</param>
/// <param name="Output">The reconstruction, of the target's shape.</param>
internal sealed record TrainingStep(Tensor Total, Tensor Reconstruction, Tensor Sparsity, Tensor Auxiliary,
    Tensor Fired, Tensor Output);
