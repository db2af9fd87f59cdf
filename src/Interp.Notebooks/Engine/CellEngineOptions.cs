namespace Interp.Notebooks.Engine;

/// <summary>Settings of a <see cref="CellEngine"/>.</summary>
public sealed record CellEngineOptions
{
    /// <summary>The folder that relative paths of <c>#load</c> and <c>#r</c> start from.</summary>
    /// <value>Default: null, the current folder.</value>
    public string? Folder { get; init; }

    /// <summary>
    /// By how many bytes the process may grow before tensors that no variable reaches are looked for and freed. A
    /// quarter of what was in use after the last search is allowed in any case.
    /// </summary>
    /// <value>Default: 128 MiB.</value>
    public long CollectAfterBytes { get; init; } = 128L << 20;
}
