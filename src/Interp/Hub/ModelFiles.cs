using Interp.Weights;

namespace Interp.Hub;

/// <summary>Which files of a repository a model needs: one set of weights, the configuration, the tokenizer.</summary>
internal static class ModelFiles
{
    private const string SafeTensors = "model.safetensors", SafeTensorsIndex = "model.safetensors.index.json";
    private const string Pickle = "pytorch_model.bin", PickleIndex = "pytorch_model.bin.index.json";

    private static readonly string[] Small =
    [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
        "added_tokens.json", "vocab.json", "merges.txt", "vocab.txt", "tokenizer.model", "spiece.model",
        "sentencepiece.bpe.model", "tokenizer.bin",
    ];

    // The first files of the kinds of tokenizers; merges.txt comes with vocab.json.
    private static readonly string[] Tokenizers =
        ["tokenizer.json", "vocab.json", "vocab.txt", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model"];

    private static readonly string[] WeightEndings = [".safetensors", ".pth", ".pt", ".bin"];

    // torch.save is also used for what a trainer leaves behind.
    private static readonly string[] NoWeights =
    [
        "training_args.bin", "optimizer.pt", "optimizer.bin", "scheduler.pt", "rng_state.pth", "scaler.pt", "tokenizer.bin",
    ];

    /// <summary>The files to fetch first: all but the shards, which only their index names.</summary>
    /// <exception cref="HubException">The repository has no weights that can be told apart.</exception>
    internal static IReadOnlyList<string> Choose(IReadOnlyCollection<string> all, string repository)
    {
        var chosen = all.Where(file => Small.Contains(file) || file.EndsWith(".tiktoken", StringComparison.Ordinal)).ToList();
        chosen.Add(WeightsAmong(all, repository));
        return [.. chosen.Order(StringComparer.Ordinal)];
    }

    /// <summary>The files of a tokenizer, in a repository that may hold nothing else.</summary>
    /// <exception cref="HubException">There is no tokenizer.</exception>
    internal static IReadOnlyList<string> ChooseTokenizer(IReadOnlyCollection<string> all, string repository) =>
        all.Any(Tokenizers.Contains)
            ? [.. all.Where(Small.Contains).Order(StringComparer.Ordinal)]
            : throw new HubException(HubErrorKind.NotFound,
                $"{repository} has no tokenizer: none of {string.Join(", ", Tokenizers)}");

    /// <summary>Whether a snapshot holds a tokenizer.</summary>
    internal static bool HasTokenizer(string folder) =>
        Tokenizers.Any(file => Exists(folder, file) && (file != "vocab.json" || Exists(folder, "merges.txt")));

    internal static bool IsIndex(string file) => file is SafeTensorsIndex or PickleIndex;

    /// <summary>The shards that a fetched index names.</summary>
    /// <exception cref="WeightsFormatException">It is no index.</exception>
    internal static IReadOnlyList<string> ShardsOf(string indexPath)
    {
        using var file = MappedFile.Open(indexPath);
        return ShardIndex.Read(file).Shards;
    }

    /// <summary>Whether a snapshot holds a configuration and all of its weights.</summary>
    internal static bool IsComplete(string folder)
    {
        if (!Directory.Exists(folder) || !Exists(folder, "config.json")) return false;
        if (Exists(folder, SafeTensors)) return true;
        if (ShardsAreThere(folder, SafeTensorsIndex) || Exists(folder, Pickle) || ShardsAreThere(folder, PickleIndex))
            return true;
        // Files of shards without their index, or an index without all shards, are half a model.
        if (Exists(folder, SafeTensorsIndex) || Exists(folder, PickleIndex)) return false;
        var names = Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!);
        return names.Where(IsWeights).Where(name => Exists(folder, name)).Take(2).Count() == 1;
    }

    private static string WeightsAmong(IReadOnlyCollection<string> all, string repository)
    {
        string[] usual = [SafeTensors, SafeTensorsIndex, Pickle, PickleIndex];
        if (usual.FirstOrDefault(all.Contains) is { } found) return found;
        var others = all.Where(IsWeights).ToList();
        // Research models keep what they were during training too; TransformerLens takes the file named so.
        var finals = others.Where(file => file.EndsWith("final.pth", StringComparison.Ordinal)).ToList();
        return (finals.Count == 1 ? finals : others) switch
        {
            [var only] => only,
            [] => throw new HubException(HubErrorKind.NotFound,
                $"{repository} has no weights that can be read: none of {string.Join(", ", usual)} nor one file ending in "
                + string.Join(", ", WeightEndings)),
            _ => throw new HubException(HubErrorKind.NotFound,
                $"{repository} has {others.Count} files of weights and none of the usual names "
                + $"({string.Join(", ", others.Take(4))}, …); fetch the one you want by hand and give its path"),
        };
    }

    private static bool IsWeights(string file) =>
        !file.Contains('/') && WeightEndings.Contains(Path.GetExtension(file)) && !NoWeights.Contains(file)
        && !file.StartsWith("flax", StringComparison.Ordinal) && !file.Contains("-of-0", StringComparison.Ordinal);

    private static bool ShardsAreThere(string folder, string index)
    {
        if (!Exists(folder, index)) return false;
        try
        {
            return ShardsOf(Path.Combine(folder, index)).All(shard => Exists(folder, shard));
        }
        catch (WeightsFormatException)
        {
            return false;
        }
    }

    private static bool Exists(string folder, string file) => HubCache.IsThere(Path.Combine(folder, file));
}
