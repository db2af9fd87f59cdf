using System.Text.Json;
using System.Text.Unicode;
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
        var bytes = File.ReadAllBytes(path);
        if (!Utf8.IsValid(bytes)) throw new WeightsFormatException(path, "", "it is not valid UTF-8", "a JSON object");
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ConfigFile(path, document.RootElement)
                : throw new WeightsFormatException(path, "", $"it is a JSON {document.RootElement.ValueKind}",
                    "a JSON object");
        }
        catch (JsonException e)
        {
            throw new WeightsFormatException(path, "", $"it is not JSON: {e.Message}", "a JSON object", e);
        }
        catch (InvalidOperationException e) // a name with half a surrogate pair
        {
            throw new WeightsFormatException(path, "", "a name is no text", "a JSON object", e);
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
        : values.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.String ? String(key)
        : throw Bad(key, Shown(key), "a string");

    internal bool Flag(string key, bool otherwise) => !Has(key) ? otherwise : values[key].ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Bad(key, Shown(key), "true or false"),
    };

    internal bool IsFlag(string key) =>
        Has(key) && values[key].ValueKind is (JsonValueKind.True or JsonValueKind.False);

    internal double Number(string key) =>
        values.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble() : throw Bad(key, Shown(key), "a number");

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
        values[key].ValueKind == JsonValueKind.String ? String(key) : values[key].GetRawText();

    internal WeightsFormatException Bad(string key, string reason, string expected) => new(path, key, reason, expected);

    private string String(string key)
    {
        try
        {
            return values[key].GetString()!;
        }
        catch (InvalidOperationException e) // half a surrogate pair
        {
            throw new WeightsFormatException(path, key, "it is no text", "a string", e);
        }
    }

    private string Shown(string key)
    {
        if (!values.TryGetValue(key, out var value)) return "it is missing";
        var text = value.GetRawText();
        return $"it is {(text.Length > 60 ? text[..60] + "…" : text)}";
    }
}
