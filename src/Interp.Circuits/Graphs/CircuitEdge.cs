namespace Interp.Circuits.Graphs;

/// <summary>What one component says to another directly, through the residual stream.</summary>
/// <param name="Index">Its place among the edges of the graph: by receiver, then by source.</param>
/// <param name="Source">The node that writes.</param>
/// <param name="Receiver">The node that reads, and with which input.</param>
/// <param name="Score">How much it matters; 0 where nothing was measured.</param>
/// <param name="InCircuit">Whether it belongs to the circuit.</param>
public readonly record struct CircuitEdge(
    int Index, CircuitNode Source, CircuitReceiver Receiver, double Score, bool InCircuit)
{
    /// <summary>The name, for example <c>a0.h1-&gt;a2.h3&lt;q&gt;</c>.</summary>
    public string Name => $"{Source}->{Receiver}";
}
