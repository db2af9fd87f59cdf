namespace Interp.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Ok = 0;

    /// <summary>The command could not be carried out; one line on stderr says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line itself was wrong.</summary>
    public const int Usage = 2;

    /// <summary>The command ran, but the claim that it checks did not hold.</summary>
    public const int ClaimFailed = 3;

    /// <summary>Stopped by Ctrl+C (or a request to end).</summary>
    public const int Interrupted = 130;
}
