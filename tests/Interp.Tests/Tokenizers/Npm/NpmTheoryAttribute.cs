namespace Interp.Tests.Tokenizers.Npm;

/// <summary>A theory that needs the npm package and parity data; skipped, with the reason, where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NpmTheoryAttribute : TheoryAttribute
{
    /// <param name="paths">The parity data, relative to the shared folder.</param>
    public NpmTheoryAttribute(params string[] paths) =>
        Skip = NpmPeer.Missing ?? new SharedTheoryAttribute(paths).Skip;
}
