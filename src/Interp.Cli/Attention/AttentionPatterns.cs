using Interp.Cli.Json;
using Interp.Cli.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Cli.Attention;

/// <summary>The attention of every head on one sequence.</summary>
/// <param name="Tokens">The token texts.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Heads">Heads in each layer.</param>
/// <param name="Values"><c>[layer, head, destination, source]</c>, row by row.</param>
internal sealed record AttentionPatterns(string[] Tokens, int Layers, int Heads, float[] Values)
{
    /// <summary>Runs the model on one sequence and keeps every pattern.</summary>
    public static AttentionPatterns Of(LoadedModel model, long[] ids)
    {
        var (layers, heads) = (model.Config.NLayers, model.Config.NHeads);
        using var cache = model.Model.CacheOnly(torch.tensor(ids, [1, ids.Length]), ["blocks.*.attn.hook_pattern"]);
        var size = heads * ids.Length * ids.Length;
        var values = new float[layers * size];
        for (var layer = 0; layer < layers; layer++)
            cache["pattern", layer].to(ScalarType.Float32).ToArray<float>().CopyTo(values, layer * size);
        return new AttentionPatterns([.. ids.Select(model.TokenText)], layers, heads, values);
    }

    /// <summary>The attention of one destination: a weight for each source.</summary>
    public ReadOnlySpan<float> Row(int layer, int head, int destination) =>
        Values.AsSpan((((((layer * Heads) + head) * Tokens.Length) + destination) * Tokens.Length), Tokens.Length);

    /// <summary>The shape that <c>attn --json</c> prints.</summary>
    public AttentionJson ToJson(long[] ids) => new(ids, Tokens,
        [.. Enumerable.Range(0, Layers).Select(layer => Enumerable.Range(0, Heads).Select(head =>
            Enumerable.Range(0, Tokens.Length).Select(row => Row(layer, head, row).ToArray()).ToArray()).ToArray())]);
}
