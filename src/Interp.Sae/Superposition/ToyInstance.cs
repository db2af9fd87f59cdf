namespace Interp.Sae.Superposition;

/// <summary>One of the toy models that are trained side by side.</summary>
/// <param name="Density">p = 1 − S, the probability that a feature is on.</param>
/// <param name="Importance">Iᵢ, the weight of each feature in the loss.</param>
public sealed record ToyInstance(double Density, IReadOnlyList<double> Importance)
{
    /// <summary>An instance whose features have the importance rⁱ.</summary>
    public static ToyInstance Geometric(double density, int features, double ratio = 1) =>
        new(density, [.. Enumerable.Range(0, features).Select(i => Math.Pow(ratio, i))]);
}
