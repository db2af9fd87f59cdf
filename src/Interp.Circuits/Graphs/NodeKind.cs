namespace Interp.Circuits.Graphs;

/// <summary>What a node of a circuit graph is.</summary>
public enum NodeKind
{
    /// <summary>The token embedding, <c>input</c>: <c>hook_embed</c>.</summary>
    Input,

    /// <summary>An attention head, <c>a3.h2</c>: what it adds to the stream, z · W_O without the bias.</summary>
    Head,

    /// <summary>An MLP, <c>m3</c>: <c>hook_mlp_out</c>.</summary>
    Mlp,

    /// <summary>The end, <c>logits</c>: the last residual stream as the final norm reads it.</summary>
    Logits,
}
