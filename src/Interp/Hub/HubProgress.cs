namespace Interp.Hub;

/// <summary>How far a fetch is. Bytes that were there before it began do not count.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="File">The file that bytes came for last, or the first that is being fetched.</param>
/// <param name="BytesDone">Bytes received.</param>
/// <param name="BytesTotal">Bytes to receive in all.</param>
/// <param name="Elapsed">The time since the first byte was asked for.</param>
/// <param name="Note">What the client waits for, such as a pause that the hub asked for, or null while bytes come.</param>
public readonly record struct HubProgress(
    string Repository, string File, long BytesDone, long BytesTotal, TimeSpan Elapsed, string? Note)
{
    /// <summary>The mean speed so far.</summary>
    public double BytesPerSecond => Elapsed > TimeSpan.Zero ? BytesDone / Elapsed.TotalSeconds : 0;

    /// <summary>The time that the rest takes at the mean speed, or null before the first byte.</summary>
    public TimeSpan? TimeLeft => BytesDone > 0 && Elapsed > TimeSpan.Zero ? Elapsed * ((double)Math.Max(0, BytesTotal - BytesDone) / BytesDone) : null;
}
