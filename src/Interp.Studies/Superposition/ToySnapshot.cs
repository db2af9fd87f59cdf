namespace Interp.Studies.Superposition;

/// <summary>Toy models at one moment of their training.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Losses">The loss of each instance on examples that are the same at every snapshot.</param>
/// <param name="Dimensionality">Dᵢ of each instance and feature.</param>
/// <param name="W">The directions [instance, feature, hidden].</param>
public sealed record ToySnapshot(long Step, double[] Losses, double[,] Dimensionality, float[,,] W);
