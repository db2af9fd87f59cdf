using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Training;

/// <summary>Keeps decoder directions at unit length (Bricken et al. 2023).</summary>
internal static class DecoderConstraint
{
    /// <summary>Takes out of the gradient what would only change lengths: g − (g·d) d for every unit direction
    /// d.</summary>
    internal static void ProjectGradient(SparseCoder dictionary)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var decoder = dictionary["W_dec"];
        if (decoder.grad is not { } gradient) return;
        var along = (gradient * decoder).sum(-1, keepdim: true);
        gradient.sub_(along * decoder);
    }

    /// <summary>Makes every direction of unit length; a step leaves the sphere even along its surface.</summary>
    internal static void Normalize(SparseCoder dictionary)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var decoder = dictionary["W_dec"];
        decoder.div_(torch.linalg.vector_norm(decoder, 2, [-1], keepdim: true).clamp_min(1e-12));
    }
}
