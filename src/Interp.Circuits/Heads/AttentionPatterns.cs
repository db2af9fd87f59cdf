using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Heads;

/// <summary>The attention of every head on one sequence.</summary>
/// <param name="Tokens">The token texts.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Heads">Heads in each layer.</param>
/// <param name="Values"><c>[layer, head, destination, source]</c>, row by row.</param>
public sealed record AttentionPatterns(string[] Tokens, int Layers, int Heads, float[] Values)
{
    /// <summary>Runs the model on one sequence and keeps every pattern.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">The sequence.</param>
    public static AttentionPatterns Of(HookedTransformer model, long[] ids)
    {
        var (layers, heads) = (model.Config.NLayers, model.Config.NHeads);
        using var cache = model.CacheOnly(torch.tensor(ids, [1, ids.Length]), ["blocks.*.attn.hook_pattern"]);
        var size = heads * ids.Length * ids.Length;
        var values = new float[layers * size];
        for (var layer = 0; layer < layers; layer++)
            cache["pattern", layer].to(ScalarType.Float32).ToArray<float>().CopyTo(values, layer * size);
        return new AttentionPatterns([.. ids.Select(id => model.Tokenizer?.TokenText(id) ?? $"{id}")], layers, heads, values);
    }

    /// <summary>The attention of one destination: a weight for each source.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="head">The head.</param>
    /// <param name="destination">The position that attends.</param>
    public ReadOnlySpan<float> Row(int layer, int head, int destination) =>
        Values.AsSpan((((((layer * Heads) + head) * Tokens.Length) + destination) * Tokens.Length), Tokens.Length);
}
