namespace Interp.Hub;

/// <summary>Counts the bytes of all files that are fetched at once, and reports them a few times a second.</summary>
/// <param name="repository">The repository.</param>
/// <param name="clock">The clock of speed and time left.</param>
/// <param name="progress">Who wants to know, or null.</param>
internal sealed class TransferMeter(string repository, TimeProvider clock, IProgress<HubProgress>? progress)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly long _start = clock.GetTimestamp();
    private long _done, _total, _last;

    /// <summary>Bytes received.</summary>
    internal long Done => Interlocked.Read(ref _done);

    /// <summary>More bytes are to be received; fewer, where some turn out to be there.</summary>
    internal void Plan(long bytes) => Interlocked.Add(ref _total, bytes);

    internal void Receive(string file, long bytes)
    {
        lock (_lock)
        {
            _done += bytes;
            var now = clock.GetTimestamp();
            if (_done < _total && _last != 0 && clock.GetElapsedTime(_last, now) < Interval) return;
            _last = now;
            Report(file, null);
        }
    }

    /// <summary>Says what the client waits for.</summary>
    internal void Note(string file, string note)
    {
        lock (_lock) Report(file, note);
    }

    private void Report(string file, string? note) =>
        progress?.Report(new HubProgress(repository, file, _done, _total, clock.GetElapsedTime(_start), note));
}
