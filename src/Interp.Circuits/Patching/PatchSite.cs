namespace Interp.Circuits.Patching;

/// <summary>A place in the model where a value is replaced: a hook, and which part of its value.</summary>
/// <remarks>
/// <code>
/// new PatchSite("blocks.3.hook_resid_pre") { Position = 7 }            // one row of the stream
/// new PatchSite("blocks.9.attn.hook_z") { Head = 6 }                   // one head's output, all positions
/// new PatchSite("blocks.5.attn.hook_pattern") { Head = 1, Position = 14, SourcePosition = 3 }
/// new PatchSite("blocks.2.mlp.hook_post") { Neuron = 31, Position = 4 }
/// </code>
/// </remarks>
/// <param name="Hook">The full name of the hook.</param>
public sealed record PatchSite(string Hook)
{
    /// <summary>The head, of keys and values the key–value head; all where null.</summary>
    public int? Head { get; init; }

    /// <summary>The position (of a pattern: the query); all where null. Negative ones count from the last.</summary>
    public int? Position { get; init; }

    /// <summary>The key that a pattern or score looks at; all where null. Negative ones count from the last.</summary>
    public int? SourcePosition { get; init; }

    /// <summary>The entry of the value's last dimension; all where null.</summary>
    public int? Neuron { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Hook +
        (Head is { } head ? $" head {head}" : "") + (Position is { } position ? $" position {position}" : "") +
        (SourcePosition is { } source ? $" from {source}" : "") + (Neuron is { } neuron ? $" entry {neuron}" : "");
}
