using Xunit;

namespace Interp.Testing;

/// <summary>A test that reads parity data from <c>../shared</c>; skipped, with a reason, where a path is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    /// <param name="paths">The files or folders, relative to the shared folder, that the test needs.</param>
    public SharedFactAttribute(params string[] paths) => Skip = SharedSkip.Reason(paths);
}

/// <summary>A theory that reads parity data from <c>../shared</c>; skipped, with a reason, where a path is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    /// <param name="paths">The files or folders, relative to the shared folder, that the test needs.</param>
    public SharedTheoryAttribute(params string[] paths) => Skip = SharedSkip.Reason(paths);
}

internal static class SharedSkip
{
    public static string? Reason(string[] paths)
    {
        var missing = paths.FirstOrDefault(path => !SharedData.Has(path));
        return missing is null ? null : $"parity data '{missing}' is not in a 'shared' folder beside the checkout";
    }
}
