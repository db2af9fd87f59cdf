using Interp.Weights;

namespace Interp.Loading;

/// <summary>The files of a model: a folder of weights and configuration, or one file of weights.</summary>
/// <param name="Given">The path as it was given.</param>
/// <param name="WeightsPath">The file of weights, or the index of its shards.</param>
/// <param name="ConfigPath">The configuration, or null where there is none.</param>
internal sealed record ModelSource(string Given, string WeightsPath, string? ConfigPath)
{
    private static readonly string[] WeightNames =
        ["model.safetensors", "model.safetensors.index.json", "state_dict.safetensors", "pytorch_model.bin", "model.pt", "model.pth"];

    private static readonly string[] ConfigNames = ["config.json", "tl_cfg.json"];

    /// <summary>Finds the files.</summary>
    /// <exception cref="ModelLoadException">There is nothing of that name, or no weights in the folder.</exception>
    internal static ModelSource Find(string path, LoadOptions options)
    {
        var source = File.Exists(path) ? OfFile(path) : Directory.Exists(path) ? OfFolder(path)
            : throw new ModelLoadException($"there is no file or folder '{path}'");
        if (options.ConfigPath is not { } config) return source;
        return File.Exists(config) ? source with { ConfigPath = config } : throw new ModelLoadException($"there is no file '{config}'");
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
