namespace Interp.Hooks;

/// <summary>What keeping a cache in a narrower type has saved and lost.</summary>
/// <param name="BytesBefore">The cache's bytes before.</param>
/// <param name="BytesAfter">The cache's bytes now, in whatever memory.</param>
/// <param name="Losses">One for every activation, in firing order.</param>
public sealed record OffloadReport(long BytesBefore, long BytesAfter, IReadOnlyList<OffloadLoss> Losses)
{
    /// <summary>The activation that lost most in relation to its largest value; null for an empty cache.</summary>
    public OffloadLoss? Worst => Losses.MaxBy(loss => loss.Relative);
}
