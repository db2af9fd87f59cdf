using System.Text.Json;
using Interp.Weights;

namespace Interp.Sae.Formats;

/// <summary>A JSON object of settings, every one of which must be known.</summary>
internal sealed class ConfigFile
{
    private const int Largest = 1 << 20;

    private readonly string path;
    private readonly Dictionary<string, JsonElement> values = [];

    private ConfigFile(string path, JsonElement root)
    {
        this.path = path;
        foreach (var property in root.EnumerateObject())
            if (!values.TryAdd(property.Name, property.Value.Clone())) throw Bad(property.Name, "it is there twice",
                "one value");
    }

    internal IEnumerable<string> Keys => values.Keys;

    internal static ConfigFile Read(string path)
    {
        if (!File.Exists(path)) throw new WeightsFormatException(path, "", "it is missing",
            "the settings beside the weights");
        if (new FileInfo(path).Length > Largest) throw new WeightsFormatException(path, "", "it is over 1 MiB",
            "a small JSON object");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ConfigFile(path, document.RootElement)
                : throw new WeightsFormatException(path, "", $"it is a JSON {document.RootElement.ValueKind}",
                    "a JSON object");
        }
        catch (JsonException e)
        {
            throw new WeightsFormatException(path, "", $"it is not JSON: {e.Message}", "a JSON object", e);
        }
    }

    internal bool Has(string key) => values.TryGetValue(key, out var value) && value.ValueKind != JsonValueKind.Null;

    internal void OnlyKnown(IReadOnlySet<string> known)
    {
        if (values.Keys.FirstOrDefault(key => !known.Contains(key)) is { } other)
            throw Bad(other, "the setting is not known, and it could change what the dictionary computes",
                "only settings that the format publishes");
    }

    internal string Text(string key, string? otherwise = null) => !Has(key) && otherwise is not null ? otherwise
        : values.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw Bad(key, Shown(key), "a string");

    internal bool Flag(string key, bool otherwise) => !Has(key) ? otherwise : values[key].ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Bad(key, Shown(key), "true or false"),
    };

    internal int Count(string key) =>
        values.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number) && number > 0
            ? number
            : throw Bad(key, Shown(key), "a positive number");

    /// <summary>The one value that this toolkit computes with, or an error that says so.</summary>
    internal void Only(string key, string supported, string otherwise)
    {
        var found = Text(key, otherwise);
        if (found != supported) throw Bad(key, $"it is '{found}', which is not computed here", $"'{supported}'");
    }

    /// <summary>The inner object of a key, or null.</summary>
    internal ConfigFile? Inner(string key) => !Has(key) ? null
        : values[key].ValueKind == JsonValueKind.Object ? new ConfigFile(path, values[key])
            : throw Bad(key, Shown(key), "an object");

    /// <summary>A value as text, for metadata.</summary>
    internal string Raw(string key) =>
        values[key].ValueKind == JsonValueKind.String ? values[key].GetString()! : values[key].GetRawText();

    internal WeightsFormatException Bad(string key, string reason, string expected) => new(path, key, reason, expected);

    private string Shown(string key)
    {
        if (!values.TryGetValue(key, out var value)) return "it is missing";
        var text = value.GetRawText();
        return $"it is {(text.Length > 60 ? text[..60] + "…" : text)}";
    }
}
