using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Activations;

/// <summary>Activations from a folder that <see cref="ActivationHarvest"/> wrote, shard by shard, over and
/// over.</summary>
public sealed class StoredActivations : IActivationSource
{
    private readonly string folder;
    private readonly ActivationIndex index;

    /// <param name="folder">The folder with <c>index.json</c>.</param>
    /// <param name="device">Where rows are wanted; the CPU where null.</param>
    /// <exception cref="InvalidDataException">There is no harvest in it, or an empty one.</exception>
    public StoredActivations(string folder, Device? device = null)
    {
        (this.folder, Device) = (folder, device ?? torch.CPU);
        var path = Path.Combine(folder, ActivationHarvest.IndexName);
        if (!File.Exists(path))
            throw new InvalidDataException($"'{folder}' holds no activations: there is no "
                + $"{ActivationHarvest.IndexName} in it");
        index = ActivationIndex.Read(path);
        if (index.Shards.Count == 0) throw new InvalidDataException($"{path} lists no shards; harvest first");
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Hooks => index.Hooks;

    /// <inheritdoc/>
    public IReadOnlyList<int> Widths => index.Widths;

    /// <inheritdoc/>
    public Device Device { get; }

    /// <summary>Other facts for <see cref="Description"/>, such as the folder.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>The rows of one pass.</summary>
    public long Rows => index.Shards.Sum(shard => shard.Rows);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Description =>
        new Dictionary<string, string>([.. index.Description, .. Facts])
        {
            ["shards"] = index.Shards.Count.ToString(),
        };

    /// <inheritdoc/>
    public Tensor[] Read(long position)
    {
        var shard = index.Shards[(int)(position % index.Shards.Count)];
        var path = Path.Combine(folder, shard.File);
        using var file = WeightFile.Open(path);
        return [.. index.Widths.Select((width, i) =>
        {
            var name = $"hooks.{i}";
            if (!file.Has(name) || !file.Info(name).Shape.AsSpan().SequenceEqual([shard.Rows, width]))
                throw new WeightsFormatException(path, name, file.Has(name) ? $"it is {file.Info(name)}"
                    : "it is missing", $"[{shard.Rows}, {width}]");
            return file.Load(name).to(Device);
        })];
    }
}
