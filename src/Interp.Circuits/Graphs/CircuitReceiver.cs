namespace Interp.Circuits.Graphs;

/// <summary>Where edges end: a node, of a head one of its three inputs.</summary>
/// <param name="Node">The node that reads.</param>
/// <param name="Input">Which input of a head.</param>
public readonly record struct CircuitReceiver(CircuitNode Node, HeadInput Input)
{
    /// <summary>Reads a name: <c>a2.h3&lt;q&gt;</c>, <c>m1</c>, <c>logits</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out CircuitReceiver receiver)
    {
        var input = name.EndsWith("<q>") ? HeadInput.Query
            : name.EndsWith("<k>") ? HeadInput.Key
            : name.EndsWith("<v>") ? HeadInput.Value
            : HeadInput.None;
        var found = CircuitNode.TryParse(input == HeadInput.None ? name : name[..^3], out var node);
        receiver = new CircuitReceiver(node, input);
        return found && node.Kind != NodeKind.Input && (node.Kind == NodeKind.Head) == (input != HeadInput.None);
    }

    /// <summary>The name, as circuit tools write it.</summary>
    public override string ToString() => Node + Input switch
    {
        HeadInput.Query => "<q>",
        HeadInput.Key => "<k>",
        HeadInput.Value => "<v>",
        _ => "",
    };
}
