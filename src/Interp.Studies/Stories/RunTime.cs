using System.Text.Json;
using Interp.Training;
using Interp.Weights;

namespace Interp.Studies.Stories;

/// <summary>
/// How long a run has taken in all its parts, kept in its folder with every checkpoint: by the clock, and of the
/// processors, which says what it costs on a machine that does other work too.
/// </summary>
internal sealed class RunTime
{
    private readonly string path;
    private readonly TimeProvider clock;
    private readonly Taken before;
    private readonly long started;
    private readonly TimeSpan used = Environment.CpuUsage.TotalTime;

    private RunTime(string path, Taken before, TimeProvider clock)
    {
        (this.path, this.before, this.clock) = (path, before, clock);
        started = clock.GetTimestamp();
    }

    /// <summary>By the clock.</summary>
    internal TimeSpan Total => TimeSpan.FromSeconds(before.Seconds) + clock.GetElapsedTime(started);

    /// <summary>Of all processors together.</summary>
    internal TimeSpan Processor => TimeSpan.FromSeconds(before.ProcessorSeconds) + Environment.CpuUsage.TotalTime - used;

    internal static RunTime Open(string folder, TimeProvider clock)
    {
        var path = Path.Combine(folder, "time.json");
        var before = File.Exists(path) ? JsonSerializer.Deserialize<Taken>(File.ReadAllBytes(path), RunFolder.Json)! : new Taken(0, 0);
        return new RunTime(path, before, clock);
    }

    internal void Save()
    {
        var taken = new Taken(Math.Round(Total.TotalSeconds, 1), Math.Round(Processor.TotalSeconds, 1));
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, taken, RunFolder.Json));
    }

    private sealed record Taken(double Seconds, double ProcessorSeconds);
}
