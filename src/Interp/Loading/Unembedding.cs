using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading;

/// <summary>The matrix from the residual stream to logits of a Hugging Face model: tied to the embedding, or its own.</summary>
internal static class Unembedding
{
    /// <summary>Reads it.</summary>
    /// <param name="r">The file, names without prefix.</param>
    /// <param name="embed">The embedding [d_vocab, d_model].</param>
    /// <param name="tied">Whether the configuration says that there is only the embedding.</param>
    /// <param name="name">What the matrix is called where it is stored.</param>
    /// <exception cref="ModelLoadException">It is said to be tied, but the file holds another.</exception>
    internal static LinearWeights Read(WeightReader r, Tensor embed, bool tied, string name = "lm_head.weight")
    {
        if (tied && !r.Has(name)) return new LinearWeights(embed.t(), null);
        using var scope = torch.NewDisposeScope();
        var stored = r.Take(name, embed.shape);
        if (!tied) return new LinearWeights(scope.MoveToOuter(stored.t()), null);
        // Some exporters store the embedding a second time.
        if (stored.Equals(embed)) return new LinearWeights(scope.MoveToOuter(embed.t()), null);
        throw new ModelLoadException(
            $"{r.Path}: the configuration ties the unembedding to the embedding, but the file holds another '{name}'; " +
            "set \"tie_word_embeddings\": false to use it, or remove it");
    }
}
