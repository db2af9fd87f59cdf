namespace Interp.Cli;

/// <summary>An error that the user can mend: its message says what is wrong and what to do, and is all that is shown.</summary>
/// <param name="message">One sentence: what was asked, what is allowed, what to do.</param>
/// <param name="exitCode">The exit code of the process.</param>
internal sealed class UserErrorException(string message, int exitCode = ExitCode.Failure) : Exception(message)
{
    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>An error in the command line itself.</summary>
    public static UserErrorException Usage(string message) => new(message, Cli.ExitCode.Usage);
}
