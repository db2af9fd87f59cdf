namespace Interp.Tests.Hub;

/// <summary>A request as a <see cref="LoopbackServer"/> read it.</summary>
internal sealed record ServerRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The path without query, host and escapes.</summary>
    public string Path => Uri.UnescapeDataString((Target.StartsWith("http", StringComparison.Ordinal) ? new Uri(Target).AbsolutePath : Target).Split('?')[0]);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Whether it is the second server, where large files lie.</summary>
    public bool IsToStore { get; init; }
}
