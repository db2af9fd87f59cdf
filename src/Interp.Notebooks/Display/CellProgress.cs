using Interp.Circuits.Patching;
using Interp.Reports;
using Interp.Training;

namespace Interp.Notebooks.Display;

/// <summary>
/// A bar in the outputs of a cell, made by <see cref="Notebook.progress"/>. It moves a few times a second however often
/// it is told, and at the end says in one line what came of the task.
/// </summary>
public sealed class CellProgress : IProgress<TrainingProgress>, IProgress<SweepProgress>, IProgress<double>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly string _what;
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly Lock _lock = new();
    private DisplayHandle? _shown;
    private long _last;

    internal CellProgress(string what, TimeProvider clock) =>
        (_what, _clock, _started) = (what.Length == 0 ? "progress" : what, clock, clock.GetTimestamp());

    /// <summary>Steps of a training, with the loss.</summary>
    public void Report(TrainingProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var note = value.Note.Length > 0 ? $", {value.Note}" : "";
        Show(value.Step, value.Steps, $"{value.Step:N0} of {value.Steps:N0}, loss {value.Loss:G4}{note}");
    }

    /// <summary>Sites of a patching sweep.</summary>
    public void Report(SweepProgress value) => Show(value.Done, value.Total, $"{value.Done:N0} of {value.Total:N0}");

    /// <summary>A part of the whole, 0 to 1.</summary>
    public void Report(double value) => Show(value, 1, $"{value:P0}");

    private void Show(double done, double all, string text)
    {
        lock (_lock) // trainings may tell from threads of their own
        {
            var ended = done >= all;
            if (!ended && _shown is not null && _clock.GetElapsedTime(_last) < Pause) return;
            _last = _clock.GetTimestamp();
            var bundle = Bundle(done, all, text + (ended ? "" : Left(done, all)));
            if (_shown is null) _shown = Notebook.display(bundle);
            else _shown.Update(bundle);
        }
    }

    /// <summary>The time that is left if it goes on as it did; nothing before that can be told.</summary>
    private string Left(double done, double all)
    {
        var passed = _clock.GetElapsedTime(_started);
        if (done <= 0 || passed < TimeSpan.FromSeconds(1)) return "";
        var left = passed * ((all - done) / done);
        return left.TotalMinutes >= 1 ? $"; {left.TotalMinutes:0} min left" : $"; {left.TotalSeconds:0} s left";
    }

    private MimeBundle Bundle(double done, double all, string text)
    {
        var part = all > 0 ? Math.Clamp(done / all, 0, 1) : 0;
        return new MimeBundle($"{_what}: {text}").With(MimeBundle.HtmlType,
            "<div style=\"display:flex;align-items:center;gap:10px;font-variant-numeric:tabular-nums\">"
            + $"<span>{Markup.Escape(_what)}</span><progress max=\"1\" value=\"{part:0.####}\" style=\"width:220px\"></progress>"
            + $"<span>{Markup.Escape(text)}</span></div>");
    }
}
