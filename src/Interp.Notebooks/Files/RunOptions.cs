using Interp.Notebooks.Engine;

namespace Interp.Notebooks.Files;

/// <summary>How <see cref="NotebookRunner"/> runs a notebook.</summary>
public sealed record RunOptions
{
    /// <summary>Fills the exercises in with the solutions that lie beside the notebook; see <see cref="Solutions"/>.</summary>
    /// <value>Default: false, exercises are run as they stand.</value>
    public bool Solve { get; init; }

    /// <summary>
    /// Answers by the name of the exercise, which go before the solutions: a student's, or a typical wrong one that a
    /// test tries.
    /// </summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, string> Answers { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether to go on after a cell that failed.</summary>
    /// <value>Default: false.</value>
    public bool KeepGoing { get; init; }

    /// <summary>The most time that one cell may take; then it is interrupted.</summary>
    /// <value>Default: 10 minutes.</value>
    public TimeSpan CellTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Settings of the engine; its folder is the notebook's where none is given.</summary>
    public CellEngineOptions Engine { get; init; } = new();

    /// <summary>Told of each cell before it runs.</summary>
    public IProgress<NotebookProgress>? Progress { get; init; }
}
