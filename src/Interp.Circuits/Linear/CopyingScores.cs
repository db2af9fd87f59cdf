using Interp.Circuits.Cache;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Linear;

/// <summary>Whether heads raise the logits of the tokens that they look at.</summary>
/// <remarks>
/// A head copies if its full OV circuit W_E W_V W_O W_U maps tokens to themselves: then its eigenvalues λ are positive
/// numbers. Σ λ / Σ |λ| is 1 for pure copying, −1 for its opposite and near 0 for neither (Elhage et al. 2021).
/// Eigenvalues are those of a d_head × d_head matrix; nothing of the vocabulary's size squared is formed.
/// </remarks>
public static class CopyingScores
{
    /// <summary>The score of every head, from −1 to 1.</summary>
    /// <returns>[layer · head], labelled <c>L0H0</c> …</returns>
    /// <exception cref="ArgumentException">The outputs are not the tokens that are read.</exception>
    public static LabelledStack CopyingScore(this HookedTransformer model)
    {
        if (model.Config.OutputSize != model.Config.DVocab)
            throw new ArgumentException(
                $"{model.Config.ModelName} reads {model.Config.DVocab} tokens and has {model.Config.OutputSize} " +
                "outputs: it cannot copy");
        using var scope = torch.NewDisposeScope();
        var scores = Enumerable.Range(0, model.Config.NLayers).Select(layer =>
            Score(new FactoredMatrix(model.W_E.MatMul(model.OV(layer).A), model.OV(layer).B.MatMul(model.W_U))))
                .ToArray();
        return new LabelledStack(scope.MoveToOuter(torch.cat(scores)), model.AllHeadLabels());
    }

    /// <summary>Σ Re λ / Σ |λ| of the eigenvalues of square matrices [..].</summary>
    public static Tensor Score(FactoredMatrix matrix)
    {
        using var scope = torch.NewDisposeScope();
        var values = matrix.Eigenvalues(); // [.., inner]
        return scope.MoveToOuter(values.real.sum(-1) / values.abs().sum(-1));
    }
}
