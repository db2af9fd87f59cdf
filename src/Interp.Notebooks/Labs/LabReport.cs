namespace Interp.Notebooks.Labs;

/// <summary>What came of marking a working copy.</summary>
/// <param name="Copy">The working copy.</param>
/// <param name="Marks">The exercises that were reached, in order.</param>
/// <param name="Broken">Code of the lab itself that failed in this copy, which ended the run; null where none did.</param>
/// <param name="Ignored">Sections that the copy's owner added and that failed; the run went on.</param>
/// <param name="Elapsed">The time of all of it.</param>
public sealed record LabReport(
    WorkingCopy Copy, IReadOnlyList<ExerciseMark> Marks, SectionError? Broken, IReadOnlyList<SectionError> Ignored,
    TimeSpan Elapsed)
{
    /// <summary>How many answers are right.</summary>
    public int Passed => Marks.Count(mark => mark.Status == MarkStatus.Passed);
}
