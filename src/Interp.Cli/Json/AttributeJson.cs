namespace Interp.Cli.Json;

/// <summary>What <c>attribute --json</c> prints.</summary>
/// <param name="Metric">What is measured.</param>
/// <param name="Method">How it was attributed.</param>
/// <param name="Clean">The metric of the clean run.</param>
/// <param name="Corrupt">The metric of the corrupted run.</param>
/// <param name="Edges">All edges of the model.</param>
/// <param name="CircuitEdges">Those in the circuit: all, but for a search.</param>
/// <param name="Top">The largest scores, of nodes or edges.</param>
internal sealed record AttributeJson(
    string Metric, string Method, double Clean, double Corrupt, int Edges, int CircuitEdges, ScoreJson[] Top);
