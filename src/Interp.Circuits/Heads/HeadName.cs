namespace Interp.Circuits.Heads;

/// <summary>Which head of a model.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Head">The head within the layer.</param>
public readonly record struct HeadName(int Layer, int Head)
{
    /// <summary>The short name, for example <c>L1H4</c>.</summary>
    public override string ToString() => $"L{Layer}H{Head}";

    /// <summary>The heads in one line, by layer and head; <c>none</c> where there is none.</summary>
    public static string List(IEnumerable<HeadName> heads) =>
        string.Join(", ", heads.OrderBy(head => head.Layer).ThenBy(head => head.Head)) is { Length: > 0 } names
            ? names : "none";
}
