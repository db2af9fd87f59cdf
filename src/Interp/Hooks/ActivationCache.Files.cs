using Interp.Models;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Hooks;

// Caches on disk: safetensors, one tensor a hook name, readable from Python too.
public sealed partial class ActivationCache
{
    private const string Kind = "interp.activation_cache";

    /// <summary>
    /// Writes the activations to a safetensors file, under their hook names, in the type in which they are kept.
    /// </summary>
    /// <exception cref="InvalidOperationException">The cache is lazy: most of it is not there.</exception>
    public void Save(string path)
    {
        if (IsLazy)
            throw new InvalidOperationException("cannot save a lazy cache: Recompute what shall be saved first");
        var metadata = new Dictionary<string, string>
        {
            ["kind"] = Kind,
            ["layers"] = $"{layers}",
            ["model"] = Model?.Config.ModelName ?? "",
            ["has_batch_dim"] = HasBatchDim ? "true" : "false",
            ["order"] = string.Join('\n', order),
            ["read_as"] = string.Join('\n', readAs.Select(pair => $"{pair.Key}={pair.Value.Dtype.TorchName()}")),
        };
        SafeTensorsWriter.Write(path, values, metadata);
    }

    /// <summary>
    /// Reads activations from a safetensors file: one that <see cref="Save"/> wrote, or any with hook names as names.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="model">
    /// The model that ran, which the decompositions need; names and shapes are then checked against it. Null where only
    /// the activations are wanted.
    /// </param>
    /// <exception cref="WeightsFormatException">The file is damaged, or does not go with the model.</exception>
    public static ActivationCache Load(string path, HookedTransformer? model = null)
    {
        using var file = WeightFile.Open(path);
        var saved = file.Metadata.GetValueOrDefault("kind") == Kind;
        var known = saved ? file.Metadata : new Dictionary<string, string>();
        var cache = new ActivationCache(LayerCount(file, known, model), model?.Hooks)
        {
            Model = model,
            HasBatchDim = known.GetValueOrDefault("has_batch_dim") != "false",
        };
        if (model is not null) CacheFileChecks.Check(file, model, cache.HasBatchDim);
        foreach (var name in Ordered(file, known, model)) cache.Add(name, file.Load(name));
        foreach (var (name, dtype) in ReadAs(file, known)) cache.readAs.Add(name, (dtype, cache.values[name].device));
        return cache;
    }

    private static int LayerCount(WeightFile file, IReadOnlyDictionary<string, string> known, HookedTransformer? model)
    {
        if (model is not null) return model.Config.NLayers;
        if (int.TryParse(known.GetValueOrDefault("layers"), out var count) && count >= 0) return count;
        return file.Names.Select(LayerOf).DefaultIfEmpty(-1).Max() + 1;
    }

    private static int LayerOf(string name)
    {
        var parts = name.Split('.');
        return parts is ["blocks", var layer, ..] && int.TryParse(layer, out var number) ? number : -1;
    }

    /// <summary>In firing order, where the file or the model knows it.</summary>
    private static IEnumerable<string> Ordered(WeightFile file, IReadOnlyDictionary<string, string> known,
        HookedTransformer? model)
    {
        var places = (known.GetValueOrDefault("order") ?? "").Split('\n').Distinct().Select((name, at) => (name, at))
            .ToDictionary(pair => pair.name, pair => pair.at);
        return file.Names.OrderBy(name => places.GetValueOrDefault(name, int.MaxValue))
            .ThenBy(name => model?.Hooks.Contains(name) == true ? model.Hooks[name].Index : int.MaxValue);
    }

    private static IEnumerable<(string Name, ScalarType Dtype)> ReadAs(WeightFile file,
        IReadOnlyDictionary<string, string> known)
    {
        foreach (var line in (known.GetValueOrDefault("read_as")
            ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split('=');
            var dtype = Enum.GetValues<ScalarType>().Where(t => t.IsFloatingPoint() && t.TorchName() == parts[^1])
                .ToList();
            if (parts.Length != 2 || dtype.Count != 1 || !file.Has(parts[0]))
                throw new WeightsFormatException(file.Path, "metadata 'read_as'", $"'{line}' names no tensor and type",
                    "name=float32 a line");
            yield return (parts[0], dtype[0]);
        }
    }
}
