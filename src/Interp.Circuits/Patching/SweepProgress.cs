namespace Interp.Circuits.Patching;

/// <summary>How far a sweep is.</summary>
/// <param name="Done">Sites done.</param>
/// <param name="Total">All sites.</param>
public readonly record struct SweepProgress(int Done, int Total);
