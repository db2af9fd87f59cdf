namespace Interp.Cli.Tests.Scripts;

/// <summary>A test of the wrappers for Linux and macOS; Windows has its own, and skips it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShellFactAttribute : FactAttribute
{
    public ShellFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "the wrappers for Linux and macOS need a POSIX shell";
    }
}
