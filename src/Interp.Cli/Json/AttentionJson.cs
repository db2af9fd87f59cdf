using Interp.Circuits.Heads;

namespace Interp.Cli.Json;

/// <summary>What <c>attn --json</c> prints.</summary>
/// <param name="InputIds">The ids that the model read.</param>
/// <param name="Tokens">Their texts.</param>
/// <param name="Pattern">Attention <c>[layer][head][destination][source]</c>.</param>
internal sealed record AttentionJson(long[] InputIds, string[] Tokens, float[][][][] Pattern)
{
    /// <summary>The attention of every head on one sequence.</summary>
    public static AttentionJson Of(AttentionPatterns patterns, long[] ids) => new(ids, patterns.Tokens,
        [.. Enumerable.Range(0, patterns.Layers).Select(layer => Enumerable.Range(0, patterns.Heads).Select(head =>
            Enumerable.Range(0, patterns.Tokens.Length).Select(row => patterns.Row(layer, head, row).ToArray()).ToArray()).ToArray())]);
}
