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
        if (!Path.Exists(name)) Fetch(name, options.Hub ?? HubSettings.FromEnvironment(), progress, cancellation);
        return ModelLoader.Load(name, options);
    }

    private static void Fetch(
        string written, HubSettings settings, IProgress<HubProgress>? progress, CancellationToken cancellation)
    {
        var (name, revision) = HubNames.Split(written);
        // What is no name of a repository is a path that is not there; the loader says so.
        if (!HubNames.IsRepository(name) || new HubCache(settings.CacheFolder).Find(name, revision) is not null) return;
        using var hub = new HubClient(settings);
        hub.PullAsync(name, revision, progress, cancellation).GetAwaiter().GetResult();
    }
}
