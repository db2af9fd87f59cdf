using Interp.Notebooks.Files;

namespace Interp.Notebooks.Labs;

/// <summary>How <see cref="LabChecker"/> marks.</summary>
public sealed record LabCheckOptions
{
    /// <summary>
    /// The exercise to be marked; those before it are run, and where one is not right its solution stands in for it.
    /// </summary>
    /// <value>Default: null, all of them.</value>
    public LabExercise? Only { get; init; }

    /// <summary>Whether to go on after an answer that is not right, with its solution in its place.</summary>
    /// <value>Default: false.</value>
    public bool KeepGoing { get; init; }

    /// <summary>The most time that an answer, a check or another section may take.</summary>
    /// <value>Default: 10 minutes.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Told of each section before it runs.</summary>
    public IProgress<NotebookProgress>? Progress { get; init; }

    /// <summary>Told of each mark as soon as it is known.</summary>
    public IProgress<ExerciseMark>? Marked { get; init; }
}
