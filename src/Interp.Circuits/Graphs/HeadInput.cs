namespace Interp.Circuits.Graphs;

/// <summary>Which of its three inputs a head reads an edge with.</summary>
public enum HeadInput
{
    /// <summary>The receiver is no head: an MLP or the logits, with one input.</summary>
    None,

    /// <summary>Where the head looks from, <c>&lt;q&gt;</c>.</summary>
    Query,

    /// <summary>What it is found by, <c>&lt;k&gt;</c>.</summary>
    Key,

    /// <summary>What it moves, <c>&lt;v&gt;</c>.</summary>
    Value,
}
