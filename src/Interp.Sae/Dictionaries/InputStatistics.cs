using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>The mean and spread of each input, by which it is normalized and its reconstruction denormalized.</summary>
/// <param name="Mean">[…, 1], or null where nothing is subtracted.</param>
/// <param name="Inward">[…, 1], what the input is divided by.</param>
/// <param name="Outward">[…, 1], what the reconstruction is multiplied by.</param>
internal readonly record struct InputStatistics(Tensor? Mean, Tensor Inward, Tensor Outward)
{
    private const double Epsilon = 1e-5;

    internal static InputStatistics Of(Tensor x, InputNormalization normalization)
    {
        if (normalization == InputNormalization.ConstantNorm)
        {
            var length = torch.linalg.vector_norm(x, 2, [-1], keepdim: true) / Math.Sqrt(x.size(-1));
            return new InputStatistics(null, length, length);
        }

        var (spread, mean) = x.std_mean([-1], unbiased: true, keepdim: true);
        // The published code divides by σ + ε and multiplies by σ.
        return new InputStatistics(mean, spread + Epsilon, spread);
    }

    internal Tensor Normalize(Tensor x) => (Mean is null ? x : x - Mean) / Inward;

    internal Tensor Restore(Tensor y) => Mean is null ? y * Outward : y * Outward + Mean;
}
