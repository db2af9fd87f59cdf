using Interp.Cli.Models;
using Interp.Loading;
using Interp.Sae.Dictionaries;
using Interp.Sae.Formats;

namespace Interp.Cli.Sae;

/// <summary>A dictionary with its model and the hooks that it is of.</summary>
/// <param name="Path">Where the dictionary lies.</param>
/// <param name="Dictionary">The dictionary.</param>
/// <param name="Hook">The hook that it reads.</param>
/// <param name="Target">The hook that it rebuilds.</param>
/// <param name="Model">The model.</param>
internal sealed record LoadedFeatures(string Path, SparseCoder Dictionary, string Hook, string Target, LoadedModel Model)
    : IDisposable
{
    /// <summary>Loads a dictionary and its model.</summary>
    /// <param name="path">A dictionary, or the folder of a run of <c>sae train</c>.</param>
    /// <param name="model">The model; null: the one that the dictionary's files name, where it is here, else the default.</param>
    /// <param name="hook">The hook, where the files do not say.</param>
    /// <param name="target">The hook that a transcoder rebuilds, where the files do not say.</param>
    /// <param name="options">How the model is loaded.</param>
    /// <exception cref="UserErrorException">A hook is not known.</exception>
    public static LoadedFeatures Load(string path, string? model, string? hook, string? target, LoadOptions options)
    {
        var folder = System.IO.Path.Combine(path, "dictionary");
        var loaded = DictionaryFile.Load(Directory.Exists(folder) ? folder : path);
        try
        {
            hook ??= loaded.HookName ?? throw new UserErrorException("--hook: the dictionary's files do not say which "
                + "hook it reads");
            target ??= loaded.HookNameOut;
            if (loaded.Dictionary is Transcoder && target is null)
                throw new UserErrorException("--target: the transcoder's files do not say which hook it rebuilds");
            var at = model ?? Named(loaded) ?? ShippedModels.Default;
            return new LoadedFeatures(path, loaded.Dictionary, hook, target ?? hook, LoadedModel.Load(at, options));
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>The model that the files name, where it is on this machine.</summary>
    private static string? Named(LoadedCoder loaded) =>
        loaded.Metadata.TryGetValue("model_name", out var raw) && raw.Trim('"') is { Length: > 0 } name
            && (ShippedModels.TryFind(name) is not null || Directory.Exists(name) || File.Exists(name)) ? name : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dictionary.Dispose();
        Model.Dispose();
    }
}
