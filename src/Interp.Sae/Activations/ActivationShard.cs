namespace Interp.Sae.Activations;

/// <summary>A file of harvested activations.</summary>
/// <param name="File">Its name in the folder.</param>
/// <param name="Rows">The rows of every tensor in it.</param>
public sealed record ActivationShard(string File, long Rows);
