using System.Text.Json;
using Interp.Tensors;
using Interp.Training;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Activations;

/// <summary>Writes activations to a folder once, to train from any number of times.</summary>
/// <remarks>
/// The folder holds safetensors shards, with the tensor <c>hooks.0</c>, <c>hooks.1</c>, … [rows, width] in each, and
/// <c>index.json</c>, which is rewritten whole after every shard. A harvest that was stopped goes on behind the last
/// shard of the index, and gives the same files as one that was not.
/// </remarks>
public static class ActivationHarvest
{
    internal const string IndexName = "index.json";

    /// <summary>Harvests, or goes on with a harvest.</summary>
    /// <param name="folder">Where to write; made if it is missing.</param>
    /// <param name="source">What to write.</param>
    /// <param name="shards">How many shards the finished harvest has.</param>
    /// <param name="readsPerShard">How many reads of the source make a shard.</param>
    /// <param name="progress">Counts shards.</param>
    /// <param name="cancellation">Stops after the shard that is being written.</param>
    /// <exception cref="InvalidDataException">The folder holds a harvest of something else.</exception>
    public static void Write(string folder, IActivationSource source, int shards, int readsPerShard,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (shards < 1 || readsPerShard < 1)
            throw new ArgumentException($"a harvest of {shards} shards of {readsPerShard} reads has nothing in it");
        Directory.CreateDirectory(folder);
        foreach (var left in Directory.EnumerateFiles(folder, ".*.tmp")) File.Delete(left); // of a run that was killed
        var description = new Dictionary<string,
            string>(source.Description)
        { ["reads_a_shard"] = readsPerShard.ToString() };
        var index = Open(folder, source, description);
        while (index.Shards.Count < shards)
        {
            cancellation.ThrowIfCancellationRequested();
            var shard = WriteShard(folder, source, index.Shards.Count, readsPerShard);
            index = index with { Shards = [.. index.Shards, shard] };
            AtomicFile.Write(Path.Combine(folder, IndexName), stream =>
                JsonSerializer.Serialize(stream, index, RunFolder.Json));
            progress?.Report(new TrainingProgress(index.Shards.Count, shards, 0,
                $"{index.Shards.Sum(s => s.Rows)} rows"));
        }
    }

    private static ActivationIndex Open(string folder, IActivationSource source, Dictionary<string, string> description)
    {
        var path = Path.Combine(folder, IndexName);
        if (!File.Exists(path)) return new ActivationIndex([.. source.Hooks], [.. source.Widths], description, []);
        var index = ActivationIndex.Read(path);
        foreach (var (key, value) in description)
            if (!index.Description.TryGetValue(key, out var there) || there != value)
                throw new InvalidDataException($"{path} is of another harvest: {key} is '{there}' there and '{value}' "
                    + $"here; use another folder");
        return index;
    }

    private static ActivationShard WriteShard(string folder, IActivationSource source, int number, int reads)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var parts = Enumerable.Range(0, reads).Select(i => source.Read((long)number * reads + i)).ToArray();
        var name = $"activations-{number:D5}.safetensors";
        var tensors = Enumerable.Range(0, source.Hooks.Count).ToDictionary(i => $"hooks.{i}", i =>
            torch.cat([.. parts.Select(part => part[i])]));
        SafeTensorsWriter.Write(Path.Combine(folder, name), tensors);
        return new ActivationShard(name, tensors["hooks.0"].size(0));
    }
}
