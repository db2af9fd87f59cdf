using System.Runtime.InteropServices;

namespace Interp.Testing;

/// <summary>
/// The processor time of this thread: what work costs, however busy the machine is. Without one (not on Linux) it is the
/// time of the wall.
/// </summary>
public readonly partial struct ThreadClock
{
    private readonly double start;

    private ThreadClock(double start) => this.start = start;

    /// <summary>The time since the clock was started.</summary>
    public TimeSpan Elapsed => TimeSpan.FromSeconds(Now() - start);

    /// <summary>Starts a clock.</summary>
    public static ThreadClock StartNew() => new(Now());

    private static double Now()
    {
        const int threadTime = 3; // CLOCK_THREAD_CPUTIME_ID
        return OperatingSystem.IsLinux() && clock_gettime(threadTime, out var time) == 0
            ? time.Seconds + time.Nanoseconds / 1e9
            : System.Diagnostics.Stopwatch.GetTimestamp() / (double)System.Diagnostics.Stopwatch.Frequency;
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
