using Interp.Circuits.Heads;

namespace Interp.Studies.InductionHeads;

/// <summary>The heads of the circuit as one method names them.</summary>
/// <param name="Method">Scores, composition or ablation.</param>
/// <param name="Rule">What names a head.</param>
/// <param name="Previous">The previous-token heads.</param>
/// <param name="Induction">The induction heads.</param>
public sealed record HeadsByMethod(
    string Method, string Rule, IReadOnlyList<HeadName> Previous, IReadOnlyList<HeadName> Induction)
{
    /// <summary>Whether two methods name the same heads.</summary>
    public bool Agrees(HeadsByMethod other) =>
        Previous.ToHashSet().SetEquals(other.Previous) && Induction.ToHashSet().SetEquals(other.Induction);
}
