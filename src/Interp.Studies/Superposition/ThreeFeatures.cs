namespace Interp.Studies.Superposition;

/// <summary>
/// Three features in two dimensions, solved: the expected loss of each way to place them, and so the phase diagram
/// (Elhage et al. 2022, n = 3 and m = 2).
/// </summary>
/// <remarks>
/// With importances 1, 1 and r, and x on with probability p and then uniform in 0 to 1; v = p/3 − p²/4 is the variance
/// of a feature, the loss of the best constant in its place:
/// <code>
/// third left out                          L = r v
/// first (or second) left out              L = v
/// third antipodal to another              L = (1 + r) p² / 6
/// third alone, first and second antipodal L = 2 p² / 6
/// triangle, each at 120° to the others    L = (2 + r) (2 p² (1 − p) / 16 + p³ / 6)
/// </code>
/// In a triangle a feature that is on is read as max(0, x − y/2 − z/2), so it misses by min(x, y/2) where one other is
/// on, of mean square 1/16, and by min(x, (y + z)/2) where both are, of mean square 1/6; features that are off are read
/// as 0. It is never the best of the five.
/// </remarks>
/// <param name="RelativeImportance">r, of the third feature.</param>
/// <param name="Density">p</param>
public sealed record ThreeFeatures(double RelativeImportance, double Density)
{
    private const double Half = -0.5; // the cosine of 120°

    /// <summary>The loss where the third is left out.</summary>
    public double ThirdLeftOut => RelativeImportance * Variance;

    /// <summary>The loss where the first or the second is left out.</summary>
    public double AnotherLeftOut => Variance;

    /// <summary>The loss where the third and another are antipodal, without a bias.</summary>
    public double ThirdAntipodal => (1 + RelativeImportance) * Density * Density / 6;

    /// <summary>The loss where the third is alone and the others are antipodal.</summary>
    public double ThirdAlone => Density * Density / 3;

    /// <summary>The loss of an equilateral triangle without a bias.</summary>
    public double Triangle =>
        (2 + RelativeImportance) * Density * Density * ((1 - Density) / 8 + Density / 6);

    /// <summary>The solutions; those with two forms, for the first and for the second feature, are there
    /// twice.</summary>
    public IReadOnlyList<Placement> Placements =>
    [
        new("third left out", new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 0 } }, ThirdLeftOut),
        new("another left out", new double[,] { { 1, 0, 0 }, { 0, 0, 0 }, { 0, 0, 1 } }, AnotherLeftOut),
        new("another left out", new double[,] { { 0, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, AnotherLeftOut),
        new("third antipodal", new double[,] { { 1, 0, -1 }, { 0, 1, 0 }, { -1, 0, 1 } }, ThirdAntipodal),
        new("third antipodal", new double[,] { { 1, 0, 0 }, { 0, 1, -1 }, { 0, -1, 1 } }, ThirdAntipodal),
        new("third alone", new double[,] { { 1, -1, 0 }, { -1, 1, 0 }, { 0, 0, 1 } }, ThirdAlone),
        new("triangle", new double[,] { { 1, Half, Half }, { Half, 1, Half }, { Half, Half, 1 } }, Triangle),
    ];

    private double Variance => Density / 3 - Density * Density / 4;
}
