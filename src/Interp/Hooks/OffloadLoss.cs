namespace Interp.Hooks;

/// <summary>How far an activation that is read back is from what it was.</summary>
/// <param name="Name">The activation.</param>
/// <param name="Absolute">The largest difference of an element.</param>
/// <param name="Relative">The same in relation to the activation's largest absolute value.</param>
public sealed record OffloadLoss(string Name, double Absolute, double Relative);
