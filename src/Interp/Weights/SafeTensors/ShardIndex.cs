using System.Text.Json;
using System.Text.Unicode;

namespace Interp.Weights;

/// <summary>The checked content of an index of shards.</summary>
internal sealed class ShardIndex
{
    private readonly Dictionary<string, string> _map = [];
    private readonly Dictionary<string, string> _metadata = [];

    private ShardIndex(string path) => Path = path;

    public string Path { get; }

    /// <summary>The file names of the shards, in order of their names.</summary>
    public IReadOnlyList<string> Shards { get; private set; } = [];

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public string ShardOf(string tensor) => _map[tensor];

    public static ShardIndex Read(MappedFile file)
    {
        if (file.Length > SafeTensorsHeader.MaxLength)
        {
            throw new WeightsFormatException(
                file.Path, "", $"the index has {file.Length} bytes", $"at most {SafeTensorsHeader.MaxLength}");
        }

        var json = file.Span(0, file.Length);
        if (!Utf8.IsValid(json))
            throw new WeightsFormatException(file.Path, "", "it is not valid UTF-8", "JSON in UTF-8");
        var index = new ShardIndex(file.Path);
        try
        {
            index.ReadRoot(json, new AllocationBudget(file.Path, file.Length));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new WeightsFormatException(
                file.Path, "", "it is not valid JSON", "an index with a weight_map of tensor names to file names",
                fault);
        }

        index.Shards = [.. index._map.Values.Distinct().Order(StringComparer.Ordinal)];
        return index;
    }

    /// <summary>Checks that a shard holds exactly the tensors that the index places in it.</summary>
    public void Check(string name, WeightFile shard)
    {
        foreach (var tensor in shard.Names)
        {
            var listed = _map.GetValueOrDefault(tensor);
            if (listed == name) continue;
            var reason = listed is null ? "the index does not list it" : $"the index places it in '{listed}'";
            throw Fault(
                $"tensor '{tensor}'", $"it is in shard '{name}' but {reason}", "an index that matches its shards");
        }

        foreach (var (tensor, _) in _map.Where(pair => pair.Value == name && !shard.Has(pair.Key)))
        {
            throw Fault(
                $"tensor '{tensor}'", $"the index places it in shard '{name}', which does not hold it",
                "an index that matches its shards");
        }
    }

    private void ReadRoot(ReadOnlySpan<byte> text, AllocationBudget budget)
    {
        var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 8 });
        Read(ref json);
        var seen = new HashSet<string>();
        while (NextName(ref json, budget) is { } name)
        {
            if (!seen.Add(name)) throw Fault("", $"'{name}' appears twice", "every key once");
            Read(ref json);
            if (name == "weight_map") ReadMap(ref json, budget);
            else if (name == "metadata") ReadMetadata(ref json, budget);
            else json.Skip();
        }

        if (json.Read()) throw Fault("", "text follows the JSON object", "one JSON object");
        if (!seen.Contains("weight_map"))
            throw Fault("", "it is a JSON file without weight_map", "an index of shards, model.safetensors.index.json");
    }

    private void ReadMap(ref Utf8JsonReader json, AllocationBudget budget)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw Fault("weight_map", "it is not an object", "an object of tensor names to file names");
        while (NextName(ref json, budget) is { } tensor)
        {
            Read(ref json);
            var place = $"weight_map '{tensor}'";
            if (json.TokenType != JsonTokenType.String) throw Fault(place, "its value is not a string", "a file name");
            budget.ChargeString(json.ValueSpan.Length + 64L);
            var shard = json.GetString() ?? "";
            if (!IsPlainName(shard))
                throw Fault(place, $"'{shard}' is not a plain file name", "a file beside the index");
            if (!_map.TryAdd(tensor, shard)) throw Fault(place, "it is listed twice", "every tensor once");
        }
    }

    private void ReadMetadata(ref Utf8JsonReader json, AllocationBudget budget)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw Fault("metadata", "it is not an object", "an object");
        while (NextName(ref json, budget) is { } key)
        {
            Read(ref json);
            budget.ChargeString(json.ValueSpan.Length + 64L);
            var value = json.TokenType switch
            {
                JsonTokenType.String => json.GetString() ?? "",
                JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False =>
                    System.Text.Encoding.UTF8.GetString(json.ValueSpan),
                _ => null,
            };
            json.Skip();
            if (value is not null && !_metadata.TryAdd(key, value))
                throw Fault("metadata", $"'{key}' appears twice", "every key once");
        }
    }

    // A shard lies beside its index: no folders, no way up, nothing that another system takes for a path.
    private static bool IsPlainName(string name) =>
        name.Length is > 0 and < 256 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/\\:\0") < 0;

    private static string? NextName(ref Utf8JsonReader json, AllocationBudget budget)
    {
        Read(ref json);
        if (json.TokenType == JsonTokenType.EndObject) return null;
        if (json.TokenType != JsonTokenType.PropertyName) throw new JsonException("not an object");
        budget.ChargeString(2L * json.ValueSpan.Length + 128L);
        return json.GetString();
    }

    private static void Read(ref Utf8JsonReader json)
    {
        if (!json.Read()) throw new JsonException("the text ends early");
    }

    private WeightsFormatException Fault(string place, string reason, string expected) =>
        new(Path, place, reason, expected);
}
