using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Weights;

/// <summary>
/// A model split over several files, opened through its index (<c>model.safetensors.index.json</c>, or the same for
/// <c>.bin</c> shards): <c>weight_map</c> says which file beside the index holds which tensor. The index and the shards
/// must agree exactly.
/// </summary>
public sealed class ShardedWeights : WeightFile
{
    private readonly ShardIndex _index;
    private readonly Dictionary<string, WeightFile> _shards;
    private readonly List<TensorInfo> _tensors;

    private ShardedWeights(ShardIndex index, Dictionary<string, WeightFile> shards)
        : base(index.Path)
    {
        _index = index;
        _shards = shards;
        _tensors = [.. index.Shards.SelectMany(name => shards[name].Tensors)];
    }

    /// <inheritdoc/>
    public override WeightFormat Format => WeightFormat.Sharded;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors => _tensors;

    /// <summary>
    /// The entries of the index's <c>metadata</c> that are text, numbers or booleans. Each shard's own metadata is
    /// with the shard.
    /// </summary>
    public override IReadOnlyDictionary<string, string> Metadata => _index.Metadata;

    /// <summary>The shards by file name.</summary>
    public IReadOnlyDictionary<string, WeightFile> Shards => _shards;

    internal static ShardedWeights Open(MappedFile file)
    {
        var index = ShardIndex.Read(file);
        file.Dispose();
        var shards = new Dictionary<string, WeightFile>();
        try
        {
            foreach (var name in index.Shards) shards.Add(name, OpenShard(index, name));
            foreach (var (name, shard) in shards) index.Check(name, shard);
            return new ShardedWeights(index, shards);
        }
        catch
        {
            foreach (var shard in shards.Values) shard.Dispose();
            throw;
        }
    }

    private protected override Tensor LoadTensor(TensorInfo info) => _shards[_index.ShardOf(info.Name)].Load(info.Name);

    private protected override void Close()
    {
        foreach (var shard in _shards.Values) shard.Dispose();
    }

    private static WeightFile OpenShard(ShardIndex index, string name)
    {
        var folder = System.IO.Path.GetDirectoryName(index.Path) ?? "";
        var path = System.IO.Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            throw new WeightsFormatException(
                index.Path, $"shard '{name}'", "the file is missing", "every shard of weight_map beside the index");
        }

        // An index among the shards could name itself.
        return OpenWith(path, _ => throw new WeightsFormatException(
            index.Path, $"shard '{name}'", "it is an index itself", "a file of tensors"));
    }
}
