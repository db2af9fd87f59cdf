namespace Interp.Hub;

/// <summary>
/// A file that one process at a time holds locked. The system drops the lock when the process ends, however it ends, so
/// a lock file that was left behind locks nobody out. On Unix it is <c>flock</c>, as in Python's <c>filelock</c>: both
/// respect each other.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // EWOULDBLOCK of Linux and of macOS; the sharing and lock violations of Windows.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits until the lock is free and takes it.</summary>
    /// <param name="path">The lock file, made with its folder where it is missing.</param>
    /// <param name="clock">The clock of the pauses.</param>
    /// <param name="waiting">Called once where another holds the lock.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    internal static async Task<FileLock> TakeAsync(string path, TimeProvider clock, Action waiting, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var first = true; ; first = false)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1));
            }
            catch (IOException e) when (HeldByAnother.Contains(e.HResult))
            {
                if (first) waiting();
                await Task.Delay(Pause, clock, cancellation).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
