namespace Interp.Studies.KnownAlgorithms;

/// <summary>What an algorithm needs attention for: at which keys some heads of a layer look.</summary>
/// <param name="Claim">What is claimed of the heads, as a sentence.</param>
/// <param name="Layers">The layers in which such heads are looked for.</param>
/// <param name="Looks">For the tokens of an example, a query and a key, whether the algorithm looks there.</param>
public sealed record AttentionRole(string Claim, IReadOnlyList<int> Layers, Func<long[], int, int, bool> Looks)
{
    /// <summary>
    /// Whether the algorithm looks nowhere else from these queries, so that heads which look exactly there must do;
    /// <value>false</value>.
    /// </summary>
    public bool IsWhole { get; init; }
}
