using Interp.Circuits.Graphs;

namespace Interp.Circuits.Evaluation;

/// <summary>How a circuit of a size is chosen from scores.</summary>
public enum CircuitSelection
{
    /// <summary>The edges with the highest scores, without those that lead nowhere.</summary>
    TopEdges,

    /// <summary>Edges grown from the logits, <see cref="CircuitGraph.GreedyEdges"/>.</summary>
    Greedy,

    /// <summary>The nodes with the highest scores, and all edges between them.</summary>
    TopNodes,
}
