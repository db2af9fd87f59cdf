namespace Interp.Studies.Superposition;

/// <summary>Whether features gather at one of the published fractions of a dimension: a line in the plot of
/// dimensionalities, darker than what is beside it.</summary>
/// <remarks>
/// Features between two geometries have any dimensionality, so not every one lies on a line; a line is a place where
/// many more lie than a little above and a little below.
/// </remarks>
/// <param name="Fraction">The fraction.</param>
/// <param name="On">Features within <see cref="HalfWidth"/> of it.</param>
/// <param name="Below">Features in a window of the same width, <see cref="Distance"/> below.</param>
/// <param name="Above">The same above.</param>
public sealed record FractionLine(double Fraction, int On, int Below, int Above)
{
    /// <summary>Half of the width of each window, 0.005.</summary>
    public const double HalfWidth = 0.005;

    /// <summary>From the fraction to the middle of the windows beside it, 0.0125.</summary>
    public const double Distance = 0.0125;

    /// <summary>The fewest features that make a line, 10.</summary>
    public const int Fewest = 10;

    /// <summary>The fractions of Elhage et al. 2022 below 1, with the polytope of each.</summary>
    public static IReadOnlyList<(string Polytope, double Fraction)> Published { get; } =
    [
        ("tetrahedron", 3.0 / 4), ("triangle", 2.0 / 3), ("antipodal pair", 1.0 / 2), ("pentagon", 2.0 / 5),
        ("square antiprism", 3.0 / 8),
    ];

    /// <summary>Whether there is a line: at least <see cref="Fewest"/> features, and at least twice as many as in
    /// either window beside it.</summary>
    public bool Stands => On >= Fewest && On >= 2 * Math.Max(Below, Above);

    /// <summary>Counts the features at a fraction and beside it.</summary>
    /// <param name="dimensionalities">Dᵢ of every feature.</param>
    /// <param name="fraction">Where to look.</param>
    public static FractionLine Count(IReadOnlyCollection<double> dimensionalities, double fraction)
    {
        int Within(double middle) => dimensionalities.Count(d => Math.Abs(d - middle) <= HalfWidth);
        return new FractionLine(fraction, Within(fraction), Within(fraction - Distance), Within(fraction + Distance));
    }
}
