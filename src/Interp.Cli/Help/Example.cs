namespace Interp.Cli.Help;

/// <summary>A command line to copy, and what it does.</summary>
/// <param name="Line">The command line as typed.</param>
/// <param name="Purpose">What it does, in a few words.</param>
internal sealed record Example(string Line, string Purpose);
