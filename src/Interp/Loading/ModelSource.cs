using Interp.Hub;

namespace Interp.Loading;

/// <summary>The files of a model: a folder of weights and configuration, or one file of weights.</summary>
/// <param name="Given">The path as it was given.</param>
/// <param name="WeightsPath">The file of weights, or the index of its shards.</param>
/// <param name="ConfigPath">The configuration, or null where there is none.</param>
internal sealed record ModelSource(string Given, string WeightsPath, string? ConfigPath)
{
    private static readonly string[] WeightNames =
    [
        "model.safetensors", "model.safetensors.index.json", "state_dict.safetensors", "pytorch_model.bin",
        "pytorch_model.bin.index.json", "model.pt", "model.pth", "model_final.pth",
    ];

    private static readonly string[] ConfigNames = ["config.json", "tl_cfg.json"];

    /// <summary>What the model is called where its configuration does not say.</summary>
    internal string Name { get; init; } = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Given));

    /// <summary>Finds the files: of a path, or else of a name such as <c>gpt2</c> in the cache of the hub.</summary>
    /// <exception cref="ModelLoadException">There is nothing of that name, or no weights in the folder.</exception>
    internal static ModelSource Find(string path, LoadOptions options)
    {
        var source = File.Exists(path) ? OfFile(path) : Directory.Exists(path) ? OfFolder(path) : OfName(path, options);
        if (options.ConfigPath is not { } config) return source;
        return File.Exists(config) ? source with { ConfigPath = config } : throw new ModelLoadException($"there is no file '{config}'");
    }

    private static ModelSource OfName(string written, LoadOptions options)
    {
        var (name, revision) = HubNames.Split(written);
        if (!HubNames.IsRepository(name))
            throw new ModelLoadException($"there is no file or folder '{written}'; give a model's folder or its weights");
        var cache = new HubCache((options.Hub ?? HubSettings.FromEnvironment()).CacheFolder);
        var found = cache.Find(name, revision) ?? throw new ModelLoadException(
            $"there is no file or folder '{written}', and no complete model of that name in the cache {cache.Folder}; "
            + $"for one of the Hugging Face hub run 'interp pull {name}{(revision == HubNames.Main ? "" : $" --revision {revision}")}' first");
        return OfFolder(found.Folder) with { Name = written };
    }

    private static ModelSource OfFile(string path)
    {
        // A configuration of its own stands beside a file as <name>.config.json; config.json may be another model's.
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var named = Path.ChangeExtension(path, ".config.json");
        if (File.Exists(named)) return new ModelSource(path, path, named);
        return new ModelSource(path, path, WeightNames.Contains(Path.GetFileName(path)) ? ConfigIn(folder) : null);
    }

    private static ModelSource OfFolder(string folder)
    {
        var found = WeightNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? OnlyOneIn(folder);
        return new ModelSource(folder, found, ConfigIn(folder) ?? NamedFor(found));
    }

    /// <summary>A folder may hold one file of weights under any name.</summary>
    private static string OnlyOneIn(string folder)
    {
        string[] endings = [".safetensors", ".pt", ".pth", ".bin"];
        var all = Directory.EnumerateFiles(folder).Where(f => endings.Contains(Path.GetExtension(f)) && !IsTokenizer(f)).Order().ToList();
        return all.Count switch
        {
            1 => all[0],
            0 => throw new ModelLoadException(
                $"no weights in '{folder}'; looked for {string.Join(", ", WeightNames)} or one file ending in {string.Join(", ", endings)}"),
            _ => throw new ModelLoadException(
                $"'{folder}' holds {all.Count} files of weights: {string.Join(", ", all.Select(Path.GetFileName))}; name one of them"),
        };
    }

    private static bool IsTokenizer(string file) => Path.GetFileName(file).StartsWith("tok", StringComparison.Ordinal);

    private static string? ConfigIn(string folder) => ConfigNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string? NamedFor(string weights) =>
        Path.ChangeExtension(weights, ".config.json") is var named && File.Exists(named) ? named : null;
}
