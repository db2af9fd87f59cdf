using Interp.Cli.Output;
using Interp.Hub;
using Interp.Training;

namespace Interp.Cli.Hub;

/// <summary>Shows how far a fetch is: a progress line, and once whatever the client waits for.</summary>
/// <param name="line">The progress line.</param>
/// <param name="console">Where notes go.</param>
internal sealed class PullProgress(ProgressLine line, CliConsole console) : IProgress<HubProgress>
{
    private string? _lastNote;

    /// <inheritdoc/>
    public void Report(HubProgress value)
    {
        if (value.Note is { } note)
        {
            var text = value.File.Length > 0 ? $"{value.File}: {note}" : note;
            if (text != _lastNote) console.Note(text);
            _lastNote = text;
        }
        else if (value.BytesTotal > 0)
        {
            line.Report(((double)value.BytesDone / value.BytesTotal,
                $"{ByteSize.Format(value.BytesDone)} of {ByteSize.Format(value.BytesTotal)}, {ByteSize.Format((long)value.BytesPerSecond)}/s"));
        }
    }
}
