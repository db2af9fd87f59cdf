namespace Interp.Sae.Probing;

/// <summary>How well k features tell a label.</summary>
/// <param name="K">k</param>
/// <param name="Features">The features, the one with the largest difference of means first.</param>
/// <param name="Scores">Of a probe on them, on the test rows.</param>
/// <param name="Neurons">Of a probe on as many numbers of the activation itself, chosen alike: what it would be without
/// a dictionary.</param>
public sealed record SparseProbe(int K, IReadOnlyList<int> Features, BinaryScores Scores, BinaryScores Neurons);
