namespace Interp.Cli.Json;

/// <summary>One circuit of a curve.</summary>
/// <param name="Size">Its share of all edges or nodes; null for the circuit that the file names.</param>
/// <param name="Edges">Edges on a path from the input to the logits.</param>
/// <param name="Metric">The metric of the circuit.</param>
/// <param name="Faithfulness">1 where it does all that the model does.</param>
/// <param name="Completeness">The faithfulness of everything else.</param>
internal sealed record CircuitPointJson(double? Size, int Edges, double Metric, double Faithfulness,
    double? Completeness);
