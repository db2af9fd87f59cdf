using Interp.Hub;
using Interp.Tokenizers;

namespace Interp.Loading;

/// <summary>
/// Tokenizers that lie in a repository of their own, apart from the model: those of the research models, whose
/// configuration names one (<c>tokenizer_name</c>). Only the cache is looked at; nothing is fetched.
/// </summary>
internal static class SharedTokenizer
{
    /// <summary>The tokenizer, or where it is missing a note that names its repository; neither where none is named.</summary>
    /// <exception cref="TokenizerFormatException">It is there, but damaged or not supported.</exception>
    internal static (Tokenizer? Tokenizer, string? Note) Find(ModelSource source, LoadOptions options)
    {
        var place = HubCache.PlaceOf(source.Given);
        var known = place is null ? null : KnownModels.Find(place.Value.Repository);
        if ((known?.TokenizerRepository ?? Named(source)) is not { } repository) return (null, null);
        var cache = place?.Cache ?? new HubCache((options.Hub ?? HubSettings.FromEnvironment()).CacheFolder);
        if (cache.FindTokenizer(repository) is { } found) return (TokenizerLoader.Load(found.Folder), null);
        var remedy = known is null ? "put its files beside the model" : $"run 'interp pull {known.Name}'";
        return (null, $"its tokenizer is that of {repository}, which is not in the cache {cache.Folder}; {remedy}");
    }

    /// <summary>The repository that a configuration names; a local path, which it may name too, is nobody else's.</summary>
    private static string? Named(ModelSource source) =>
        source.ConfigPath is { } path && ConfigReader.Open(path).Find("tokenizer_name") is { ValueKind: System.Text.Json.JsonValueKind.String } name
            && HubNames.IsRepository(name.GetString()!)
            ? name.GetString()
            : null;
}
