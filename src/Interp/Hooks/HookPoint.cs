namespace Interp.Hooks;

/// <summary>A named place in the forward pass where a value can be read or replaced.</summary>
/// <remarks>
/// Names and shapes are those of the classic HookedTransformer, for example <c>blocks.5.attn.hook_pattern</c>
/// [batch, head, query, key]. Every point fires exactly once in a run that reaches it.
/// </remarks>
public sealed class HookPoint
{
    internal HookPoint(string name, string[] dimensions, int layer, bool onDemand)
    {
        Name = name;
        Dimensions = dimensions;
        Layer = layer;
        IsOnDemand = onDemand;
    }

    /// <summary>The full name, for example <c>blocks.0.hook_resid_pre</c>.</summary>
    public string Name { get; }

    /// <summary>The part after the last dot, for example <c>hook_resid_pre</c>.</summary>
    public string ShortName => Name[(Name.LastIndexOf('.') + 1)..];

    /// <summary>The names of the value's dimensions, for example batch, pos, d_model.</summary>
    public IReadOnlyList<string> Dimensions { get; }

    /// <summary>The layer, −1 before the first block and the number of layers after the last.</summary>
    public int Layer { get; }

    /// <summary>
    /// Whether the value is computed only when its name is asked for, because a plain run has no use for it
    /// (<c>attn.hook_result</c>, the inputs split by head); wildcards do not reach it unless they spell its last part.
    /// </summary>
    public bool IsOnDemand { get; }

    /// <summary>The place in the order in which points fire.</summary>
    public int Index { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{string.Join(", ", Dimensions)}]";
}
