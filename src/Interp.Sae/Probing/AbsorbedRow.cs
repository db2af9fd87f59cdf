namespace Interp.Sae.Probing;

/// <summary>What absorption did to one activation.</summary>
/// <param name="Row">Its number among the rows that were given.</param>
/// <param name="IsFull">Whether no main feature is on and one other stands in.</param>
/// <param name="Fraction">How much of what main features should carry others carry, from 0 to 1.</param>
/// <param name="Absorber">The feature that carries most of the probe's direction.</param>
public sealed record AbsorbedRow(int Row, bool IsFull, double Fraction, int Absorber);
