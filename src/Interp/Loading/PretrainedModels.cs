using Interp.Hub;
using Interp.Models;

namespace Interp.Loading;

/// <summary>Models by name: what is neither a path nor in the cache is fetched first.</summary>
internal static class PretrainedModels
{
    internal static HookedTransformer Load(
        string name, LoadOptions options, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!Path.Exists(name)) Fetch(name, options, progress, cancellation);
        return ModelLoader.Load(name, options);
    }

    private static void Fetch(
        string written, LoadOptions options, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        var settings = options.Hub ?? HubSettings.FromEnvironment();
        var (name, revision) = HubNames.Split(written);
        // What is no name of a repository is a path that is not there; the loader says so.
        if (!HubNames.IsRepository(name)) return;
        var cache = new HubCache(settings.CacheFolder);
        if (cache.Find(name, revision) is not null && !LacksTokenizer(name, cache, settings, options)) return;
        using var hub = new HubClient(settings);
        hub.PullAsync(name, revision, progress, cancellation).GetAwaiter().GetResult();
    }

    /// <summary>Whether the model's tokenizer could be fetched from the repository that it shares with others.</summary>
    private static bool LacksTokenizer(string name, HubCache cache, HubSettings settings, LoadOptions options) =>
        options.LoadTokenizer && !settings.Offline
        && KnownModels.Find(name)?.TokenizerRepository is { } repository && cache.FindTokenizer(repository) is null;
}
