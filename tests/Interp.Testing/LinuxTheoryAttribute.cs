using Xunit;

namespace Interp.Testing;

/// <summary>A theory that reads Linux's <c>/proc</c>; skipped, with the reason, elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks at the system.</summary>
    public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "memory is read from Linux's /proc";
}
