using Interp.Cli.Output;
using Interp.Studies.ModularAddition;
using Interp.Training;

namespace Interp.Cli.Grok;

/// <summary>Puts the progress of a training on a progress line.</summary>
/// <param name="line">The line.</param>
/// <param name="unit">What is counted.</param>
internal sealed class TrainingLine(ProgressLine line, string unit) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value) => line.Report((
        (double)value.Step / value.Steps,
        $"{unit} {value.Step}/{value.Steps}, loss {GrokReport.Loss(value.Loss)}{(value.Note.Length > 0 ? $", {value.Note}" : "")}"));
}
