namespace Interp.Circuits.Heads;

/// <summary>How much one head attends the way three known kinds of head do; each from 0 to 1.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Head">The head.</param>
/// <param name="PreviousToken">Mean attention from a token to the one before it.</param>
/// <param name="DuplicateToken">Mean attention from a token to its earlier copies.</param>
/// <param name="Induction">Mean attention from a token to what followed its earlier copies (prefix matching).</param>
public sealed record HeadScore(int Layer, int Head, double PreviousToken, double DuplicateToken, double Induction)
{
    /// <summary>The head's short name, for example <c>L1H4</c>.</summary>
    public string Label => $"L{Layer}H{Head}";
}
