namespace Interp.Studies.Superposition;

/// <summary>
/// Two features in one dimension, solved: the expected loss of each way to place them, and so the phase diagram (Elhage
/// et al. 2022, n = 2 and m = 1).
/// </summary>
/// <remarks>
/// With importances 1 and r, and x on with probability p and then uniform in 0 to 1, E x = p/2, E x² = p/3:
/// <code>
/// W = [1, 0]:  x₁ exactly; for x₂ the best constant, its mean:  L = r (p/3 − p²/4)
/// W = [0, 1]:  the other way round:                             L = p/3 − p²/4
/// W = [1, −1]: right unless both are on; then both miss by
///              min(x₁, x₂), whose mean square is 1/6:           L = (1 + r) p² / 6
/// </code>
/// </remarks>
/// <param name="RelativeImportance">r, of the second feature.</param>
/// <param name="Density">p</param>
public sealed record TwoFeatures(double RelativeImportance, double Density)
{
    /// <summary>The loss of W = [1, 0].</summary>
    public double OnlyFirst => RelativeImportance * Variance;

    /// <summary>The loss of W = [0, 1].</summary>
    public double OnlySecond => Variance;

    /// <summary>The loss of W = [1, −1] without a bias.</summary>
    public double Antipodal => (1 + RelativeImportance) * Density * Density / 6;

    /// <summary>Whether superposition beats giving the dimension to one feature.</summary>
    public bool Superposes => Antipodal < Math.Min(OnlyFirst, OnlySecond);

    /// <summary>The three solutions.</summary>
    public IReadOnlyList<Placement> Placements =>
    [
        new("second left out", new double[,] { { 1, 0 }, { 0, 0 } }, OnlyFirst),
        new("first left out", new double[,] { { 0, 0 }, { 0, 1 } }, OnlySecond),
        new("antipodal", new double[,] { { 1, -1 }, { -1, 1 } }, Antipodal),
    ];

    private double Variance => Density / 3 - Density * Density / 4;
}
