using System.Diagnostics;

namespace Interp.Benchmarks;

/// <summary>Compares workloads on a noisy machine: they take turns, and the median of the ratios of neighbours counts.</summary>
internal static class Timing
{
    /// <summary>The seconds of one run.</summary>
    internal static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Runs workloads in turn; per workload the seconds of every round.</summary>
    internal static double[][] Rounds(int rounds, params Func<double>[] workloads)
    {
        var times = workloads.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
            for (var k = 0; k < workloads.Length; k++) times[k][round] = workloads[k]();
        return times;
    }

    /// <summary>The median over rounds of one workload's time over another's.</summary>
    internal static double Ratio(double[] time, double[] reference) => Median([.. time.Zip(reference, (a, b) => a / b)]);

    /// <summary>The middle value.</summary>
    internal static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
