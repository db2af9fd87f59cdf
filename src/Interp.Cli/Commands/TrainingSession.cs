using Interp.Cli.Output;
using Interp.Training;

namespace Interp.Cli.Commands;

/// <summary>Runs a training with a line of progress, and says how to go on when it is stopped.</summary>
internal static class TrainingSession
{
    /// <param name="training">The training.</param>
    /// <param name="folder">Its folder, as typed.</param>
    /// <param name="name">The command's name, after <c>interp train</c>.</param>
    /// <param name="context">Console, clock and cancellation.</param>
    internal static void Run<TMetrics>(TrainingRun<TMetrics> training, string folder, string name, CommandContext context)
        where TMetrics : class
    {
        var console = context.Console;
        console.Note($"training in {folder}; Ctrl+C stops at a checkpoint");
        using var line = console.Progress("training", context.Clock);
        line.Before = (double)training.Step / training.Steps;
        try
        {
            training.Run(new Progress(line), context.Cancellation);
        }
        catch (OperationCanceledException)
        {
            console.Note($"stopped after step {training.Step}; go on with: interp train {name} --out {folder} --resume");
            throw;
        }
    }

    private sealed class Progress(ProgressLine line) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => line.Report((
            (double)value.Step / value.Steps,
            $"step {value.Step}/{value.Steps}, loss {value.Loss:0.000}{(value.Note.Length > 0 ? $", {value.Note}" : "")}"));
    }
}
