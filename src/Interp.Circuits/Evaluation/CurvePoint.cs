namespace Interp.Circuits.Evaluation;

/// <summary>One circuit of a curve.</summary>
/// <param name="Size">Its share of all edges (or nodes) that was asked for.</param>
/// <param name="Chosen">The edges, or nodes, that this is, rounded down.</param>
/// <param name="Edges">The edges that are left without those that lead nowhere.</param>
/// <param name="Metric">The metric of the circuit.</param>
/// <param name="Faithfulness">1 where the circuit does all that the model does, 0 where it does nothing.</param>
/// <param name="Completeness">The faithfulness of everything but the circuit; null where it was not run.</param>
public sealed record CurvePoint(
    double Size, int Chosen, int Edges, double Metric, double Faithfulness, double? Completeness);
