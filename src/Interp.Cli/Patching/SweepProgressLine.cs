using Interp.Circuits.Patching;
using Interp.Training;

namespace Interp.Cli.Patching;

/// <summary>The progress of several sweeps as one line.</summary>
/// <param name="line">The line.</param>
/// <param name="done">Sweeps that are done.</param>
/// <param name="sweeps">All sweeps.</param>
/// <param name="unit">What is counted.</param>
internal sealed class SweepProgressLine(ProgressLine line, Func<int> done, int sweeps, string unit = "sites") : IProgress<SweepProgress>
{
    /// <inheritdoc/>
    public void Report(SweepProgress value) =>
        line.Report(((done() + (double)value.Done / Math.Max(value.Total, 1)) / sweeps, $"{value.Done} of {value.Total} {unit}"));
}
