using System.Globalization;

namespace Interp.Circuits.Graphs;

/// <summary>A component of the model as a node of a circuit graph.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Layer">The layer of a head or MLP; −1 for others.</param>
/// <param name="Head">The head in its layer; −1 for others.</param>
public readonly record struct CircuitNode(NodeKind Kind, int Layer, int Head)
{
    /// <summary>The token embedding.</summary>
    public static CircuitNode Input { get; } = new(NodeKind.Input, -1, -1);

    /// <summary>The end of the graph.</summary>
    public static CircuitNode Logits { get; } = new(NodeKind.Logits, -1, -1);

    /// <summary>The MLP of a layer.</summary>
    public static CircuitNode Mlp(int layer) => new(NodeKind.Mlp, layer, -1);

    /// <summary>A head.</summary>
    public static CircuitNode AttentionHead(int layer, int head) => new(NodeKind.Head, layer, head);

    /// <summary>Reads a name.</summary>
    /// <param name="name"><c>input</c>, <c>a0.h1</c>, <c>m2</c> or <c>logits</c>.</param>
    /// <param name="node">The node.</param>
    /// <returns>Whether it is a name.</returns>
    public static bool TryParse(ReadOnlySpan<char> name, out CircuitNode node)
    {
        node = name switch
        {
            "input" => Input,
            "logits" => Logits,
            _ => new CircuitNode(NodeKind.Input, -1, 0),
        };
        if (node.Head < 0) return true;
        var dot = name.IndexOf(".h", StringComparison.Ordinal);
        if (name.Length > 1 && name[0] == 'm' && Number(name[1..], out var layer)) node = Mlp(layer);
        else if (name.Length > 1 && name[0] == 'a' && dot > 0 && Number(name[1..dot], out layer)
            && Number(name[(dot + 2)..], out var head)) node = AttentionHead(layer, head);
        else return false;
        return true;
    }

    /// <summary>The name, as circuit tools write it.</summary>
    public override string ToString() => Kind switch
    {
        NodeKind.Head => string.Create(CultureInfo.InvariantCulture, $"a{Layer}.h{Head}"),
        NodeKind.Mlp => string.Create(CultureInfo.InvariantCulture, $"m{Layer}"),
        NodeKind.Input => "input",
        _ => "logits",
    };

    /// <summary>Digits only, and no second spelling of a number.</summary>
    private static bool Number(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
        && (text.Length == 1 || text[0] != '0');
}
