using System.Diagnostics;

namespace Interp.Benchmarks;

/// <summary>What a program took, from its start to its end.</summary>
/// <param name="Seconds">From the start of the process to its first line of output.</param>
/// <param name="ProcessorSeconds">The processor time of all its threads: on a busy machine the steadier measure.</param>
/// <param name="PeakBytes">The most memory that was resident at once, mapped files included (Linux's VmHWM).</param>
/// <param name="AnonymousBytes">
/// The most that was seen of the memory that belongs to no file (RssAnon): the kernel can take pages of mapped files back
/// at any time, these it cannot. Looked at every few milliseconds.
/// </param>
internal sealed record MeasuredProcess(double Seconds, double ProcessorSeconds, long PeakBytes, long AnonymousBytes)
{
    private const double TicksPerSecond = 100; // Linux's USER_HZ

    /// <summary>Runs it; its output is thrown away.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it wrote to stderr.</exception>
    internal static MeasuredProcess Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        using var done = new ManualResetEventSlim();
        // Linux forgets both with the process, so they are read while it lives; they only ever grow.
        var used = Task.Run(() => Watch(process.Id, done));
        var errors = process.StandardError.ReadToEndAsync();
        var first = process.StandardOutput.ReadLine();
        var seconds = watch.Elapsed.TotalSeconds;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        done.Set();
        if (first is null || process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.Result}");
        return new MeasuredProcess(seconds, used.Result.ProcessorSeconds, used.Result.PeakBytes, used.Result.AnonymousBytes);
    }

    private static (double ProcessorSeconds, long PeakBytes, long AnonymousBytes) Watch(int process, ManualResetEventSlim done)
    {
        var (seconds, peak, anonymous) = (0.0, 0L, 0L);
        do
        {
            try
            {
                peak = Math.Max(peak, Status(process, "VmHWM:"));
                anonymous = Math.Max(anonymous, Status(process, "RssAnon:"));
                seconds = Math.Max(seconds, ProcessorTime(process));
            }
            catch (IOException)
            {
                break; // it has ended
            }
        } while (!done.Wait(5));
        return (seconds, peak, anonymous);
    }

    private static long Status(int process, string name)
    {
        var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(name));
        return line is null ? 0 : long.Parse(line[name.Length..^"kB".Length]) * 1024;
    }

    /// <summary>User and system time: fields 14 and 15, counted from behind the name, which may hold spaces.</summary>
    private static double ProcessorTime(int process)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11]) + long.Parse(fields[12])) / TicksPerSecond;
    }
}
