namespace Interp.Hub;

/// <summary>A model that people study, by the name they call it.</summary>
/// <param name="Name">The name to type.</param>
/// <param name="Repository">Its repository at the hub.</param>
/// <param name="Family">The architecture that it belongs to.</param>
/// <param name="Parameters">Its parameters, or null where they are not counted here.</param>
/// <param name="DownloadBytes">
/// The size of its weights as its repository shows it (three digits), or null where that is not noted here.
/// </param>
/// <param name="IsGated">Whether its authors want their terms accepted before they give it out.</param>
public sealed record KnownModel(
    string Name, string Repository, string Family, long? Parameters, long? DownloadBytes = null, bool IsGated = false)
{
    /// <summary>Other names of the same model: short ones, and what its repository was called before.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>The repository that its tokenizer lies in, where that is another one; null where it is the model's own.</summary>
    public string? TokenizerRepository { get; init; }

    internal bool IsCalled(string name) => name.Equals(Name, StringComparison.OrdinalIgnoreCase)
        || name.Equals(Repository, StringComparison.OrdinalIgnoreCase)
        || OtherNames.Contains(name, StringComparer.OrdinalIgnoreCase);
}
