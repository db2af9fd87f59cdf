namespace Interp.Checks;

/// <summary>What of <c>./test</c> is to be done.</summary>
internal sealed record TestOptions
{
    /// <summary>A part of the tests' full names (spaces match underscores), or a filter of <c>dotnet test</c>; null is all.</summary>
    public string? Filter { get; init; }

    /// <summary>Whether the format is checked; not with a filter.</summary>
    public bool Format { get; init; } = true;

    /// <summary>Whether the numeric projects run again under the narrowest kernels; not with a filter.</summary>
    public bool Narrow { get; init; } = true;
}
