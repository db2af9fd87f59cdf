namespace Interp.Cli.Json;

/// <summary>How well k features tell a property.</summary>
/// <param name="K">k</param>
/// <param name="Features">The features.</param>
/// <param name="Accuracy">On test rows of which half have the property.</param>
/// <param name="F1">On the same.</param>
/// <param name="Neurons">The accuracy of k numbers of the activation itself.</param>
internal sealed record SaeSparseProbeJson(int K, int[] Features, double Accuracy, double F1, double Neurons);
