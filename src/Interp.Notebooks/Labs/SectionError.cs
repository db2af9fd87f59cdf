namespace Interp.Notebooks.Labs;

/// <summary>A part of a working copy that is no exercise and failed.</summary>
/// <param name="Section">The part.</param>
/// <param name="Message">The error, in lines.</param>
/// <param name="Place">Where in the working copy.</param>
public sealed record SectionError(LabSection Section, string Message, string Place);
