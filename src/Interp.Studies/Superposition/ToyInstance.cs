namespace Interp.Studies.Superposition;

/// <summary>One of the toy models that are trained side by side.</summary>
/// <param name="Density">p = 1 − S, the probability that a feature is on.</param>
/// <param name="Importance">Iᵢ, the weight of each feature in the loss.</param>
public sealed record ToyInstance(double Density, IReadOnlyList<double> Importance)
{
    /// <summary>An instance whose features have the importance rⁱ.</summary>
    public static ToyInstance Geometric(double density, int features, double ratio = 1) =>
        new(density, [.. Enumerable.Range(0, features).Select(i => Math.Pow(ratio, i))]);

    /// <summary>Several starts at each of several densities, the starts of one density side by side, as
    /// <see cref="ToyModel.BestStarts(int, int)"/> wants them.</summary>
    /// <param name="densities">p of each group.</param>
    /// <param name="starts">Instances of a group; they differ by their random weights.</param>
    /// <param name="features">n</param>
    /// <param name="ratio">The importances are rⁱ; <value>1</value>, all alike.</param>
    public static IReadOnlyList<ToyInstance> Starts(IEnumerable<double> densities, int starts, int features,
        double ratio = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(starts);
        return [.. densities.SelectMany(p => Enumerable.Repeat(Geometric(p, features, ratio), starts))];
    }
}
