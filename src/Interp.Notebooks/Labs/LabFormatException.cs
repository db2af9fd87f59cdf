namespace Interp.Notebooks.Labs;

/// <summary>A file that is no working copy of a lab, or lacks a part of one; the message says what to do.</summary>
/// <param name="message">The file, the place and what was expected.</param>
public sealed class LabFormatException(string message) : FormatException(message);
