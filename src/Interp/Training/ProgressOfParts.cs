namespace Interp.Training;

/// <summary>One progress line for work of several parts, with the time left of all of them.</summary>
/// <remarks>
/// Problem: each training of a study knows how far it is itself, not how much comes after it. Idea: the study says
/// beforehand which parts it has and about how long each takes; only the ratios count, so seconds of any machine do.
/// <code>
/// using var progress = new ProgressOfParts(ProgressLine.OnError("study", TimeProvider.System),
///     ("small model", 10), ("large model", 50));
/// small.Train(progress.Begin("small model"), cancellation);   // ends at 17%
/// large.Train(progress.Begin("large model"), cancellation);
/// </code>
/// </remarks>
public sealed class ProgressOfParts : IProgress<TrainingProgress>, IDisposable
{
    private readonly ProgressLine _line;
    private readonly Dictionary<string, double> _waiting;
    private readonly double _whole;
    private double _before;
    private (string Name, double Time) _part;

    /// <param name="line">Where progress is shown; it is disposed with this.</param>
    /// <param name="parts">The parts, each with about how long it takes, in any unit.</param>
    /// <exception cref="ArgumentException">There are no parts, two of one name, or one that takes no time.</exception>
    public ProgressOfParts(ProgressLine line, params IReadOnlyList<(string Name, double Time)> parts)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (parts.Count == 0) throw new ArgumentException("progress of parts: there are none; name at least one");
        foreach (var (name, time) in parts)
            if (!(time > 0 && double.IsFinite(time)))
                throw new ArgumentException($"progress of parts: '{name}' takes {time}, it must be more than 0");
        if (parts.CountBy(part => part.Name).FirstOrDefault(count => count.Value > 1) is { Key: { } twice })
            throw new ArgumentException($"progress of parts: two are named '{twice}'; give each its own name");
        _line = line;
        _waiting = parts.ToDictionary(part => part.Name, part => part.Time);
        _whole = parts.Sum(part => part.Time);
        _part = ("", 0);
    }

    /// <summary>Begins a part; the one before counts as done.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>What shows how far this part is, as a part of the whole.</returns>
    /// <exception cref="ArgumentException">No part of this name is left.</exception>
    public IProgress<TrainingProgress> Begin(string name)
    {
        if (!_waiting.Remove(name, out var time))
            throw new ArgumentException($"progress of parts: no part '{name}' is left; there are: "
                + (_waiting.Count == 0 ? "none" : string.Join(", ", _waiting.Keys)));
        _before += _part.Time;
        _part = (name, time);
        Show(0);
        return this;
    }

    /// <summary>Shows how far the part is that was begun last.</summary>
    public void Report(TrainingProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Show(Math.Clamp((double)value.Step / value.Steps, 0, 1));
    }

    /// <summary>Removes the line from a terminal.</summary>
    public void Dispose() => _line.Dispose();

    private void Show(double share) => _line.Report(((_before + (share * _part.Time)) / _whole, _part.Name));
}
