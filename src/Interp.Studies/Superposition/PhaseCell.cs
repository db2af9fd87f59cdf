namespace Interp.Studies.Superposition;

/// <summary>One cell of a phase diagram: what the closed form says, and what training found.</summary>
/// <param name="RelativeImportance">r, of the last feature.</param>
/// <param name="Density">p</param>
/// <param name="Best">The placement of least loss by the closed form.</param>
/// <param name="IsClear">Whether it is away from boundaries: within a factor of
/// <see cref="PhaseDiagram.ClearFactor"/> of r and of p the same placement is the best.</param>
/// <param name="Trained">The placement that the best trained model is in.</param>
/// <param name="Loss">The expected loss of that model.</param>
/// <param name="Norm">The length of its last feature.</param>
/// <param name="Interference">How far others reach into that one's direction
/// (<see cref="FeatureGeometry.Interference"/>).</param>
public sealed record PhaseCell(double RelativeImportance, double Density, Placement Best, bool IsClear,
    Placement Trained, double Loss, double Norm, double Interference)
{
    /// <summary>Whether training found the phase of the closed form.</summary>
    public bool Agrees => Trained.Name == Best.Name;

    /// <summary>
    /// The loss of the trained model as a share of the closed form's, which has no bias: a little less than 1 where
    /// training found it.
    /// </summary>
    public double LossRatio => Loss / Best.Loss;
}
