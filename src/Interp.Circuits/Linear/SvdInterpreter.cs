using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Linear;

/// <summary>
/// Reads weight matrices by their singular vectors, projected to the vocabulary (Millidge and Black 2022).
/// </summary>
/// <remarks>
/// Problem: a head's or an MLP's weights are too many numbers to read. Idea: singular vectors are the directions that a
/// matrix reads or writes most, and the unembedding says which tokens such a direction stands for; often they are of
/// one kind.
/// <code>
/// var found = SvdInterpreter.SingularVectors(model, SingularVectorKind.OV, layer: 1, head: 4);
/// foreach (var (token, logit) in found.Top(0)) Console.WriteLine($"{model.Tokenizer!.TokenText(token)} {logit:0.0}");
/// </code>
/// </remarks>
public static class SvdInterpreter
{
    /// <summary>The first singular vectors of a matrix of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="kind">Which matrix.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="count">How many; <value>10</value>, fewer where the rank is lower.</param>
    /// <param name="head">The head; for OV only.</param>
    /// <exception cref="ArgumentException">OV without a head, or a head with an MLP's matrix.</exception>
    public static SingularDirections SingularVectors(HookedTransformer model, SingularVectorKind kind, int layer,
        int count = 10, int? head = null)
    {
        if ((kind == SingularVectorKind.OV) != (head is not null))
            throw new ArgumentException(
                head is null ? "singular vectors of OV are those of one head; name it"
                    : $"{kind} is a matrix of the MLP; it has no head");
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var scope = torch.NewDisposeScope();
        var (s, vh) = kind == SingularVectorKind.OV ? OfHead(model, layer, head!.Value) : OfMlp(model, kind, layer);
        var kept = Math.Min(count, s.size(0));
        var directions = vh.narrow(0, 0, kept);
        var logits = directions.MatMul(model.W_U);
        return new SingularDirections(
            scope.MoveToOuter(directions), scope.MoveToOuter(s.narrow(0, 0, kept)), scope.MoveToOuter(logits));
    }

    private static (Tensor S, Tensor Vh) OfHead(HookedTransformer model, int layer, int head)
    {
        var (_, s, vh) = model.OV(layer, head).Svd();
        return (s, vh);
    }

    private static (Tensor S, Tensor Vh) OfMlp(HookedTransformer model, SingularVectorKind kind, int layer)
    {
        var matrix = kind == SingularVectorKind.WOut ? model.W_out(layer) : model.W_in(layer).t(); // [d_mlp, d_model]
        var norm = model.Weights.Blocks[layer].Ln2;
        if (kind == SingularVectorKind.WIn && norm?.Weight is not null) matrix = matrix * norm.Weight;
        var (_, s, vh) = torch.linalg.svd(matrix, fullMatrices: false);
        return (s, vh);
    }
}
