using System.Text.Json;
using Interp.Models;

namespace Interp.Loading;

/// <summary>
/// Reads a configuration file setting by setting and knows in the end which nobody read: a setting that is not
/// understood could change what the model computes.
/// </summary>
internal sealed class ConfigReader
{
    private const int LargestSize = 1 << 24;

    private readonly Dictionary<string, JsonElement> settings;
    private readonly HashSet<string> read = [];

    private ConfigReader(string path, Dictionary<string, JsonElement> settings)
    {
        Path = path;
        this.settings = settings;
    }

    /// <summary>The file, for errors.</summary>
    internal string Path { get; }

    /// <summary>Reads a file that holds one JSON object.</summary>
    /// <exception cref="ModelLoadException">It does not.</exception>
    internal static ConfigReader Open(string path)
    {
        const long limit = 16 << 20;
        if (new FileInfo(path).Length > limit) throw new ModelLoadException($"{path} is larger than {limit >> 20} MiB: no configuration");
        try
        {
            var bytes = File.ReadAllBytes(path);
            CheckTexts(path, bytes);
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ModelLoadException($"{path} holds {document.RootElement.ValueKind}, a configuration is a JSON object");
            var settings = new Dictionary<string, JsonElement>();
            foreach (var property in document.RootElement.EnumerateObject())
                if (!settings.TryAdd(property.Name, property.Value.Clone()))
                    throw new ModelLoadException($"{path} gives '{property.Name}' twice");
            return new ConfigReader(path, settings);
        }
        catch (JsonException e)
        {
            throw new ModelLoadException($"{path} is no valid JSON: {e.Message}", e);
        }
    }

    /// <summary>Whether a setting is there and not null.</summary>
    internal bool Has(string name) => settings.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;

    internal int Int(string name, int? fallback = null) =>
        Read(name, fallback, JsonValueKind.Number, e => e.TryGetInt32(out var value) ? value : throw Wrong(name, e, "a whole number"));

    internal int? OptionalInt(string name) => Find(name) is null ? null : Int(name);

    /// <summary>A size of a network, so bounded that products of two stay far from overflow.</summary>
    internal int Size(string name, int? fallback = null) =>
        Int(name, fallback) is >= 1 and <= LargestSize and var size ? size : throw Wrong(name, settings[name], $"1 to {LargestSize}");

    internal int? OptionalSize(string name) => Find(name) is null ? null : Size(name);

    /// <summary>A finite number; JSON can spell larger ones than fit.</summary>
    internal double Double(string name, double? fallback = null) =>
        Read(name, fallback, JsonValueKind.Number, e => e.GetDouble() is var value && double.IsFinite(value) ? value : throw Wrong(name, e, "a finite number"));

    internal double? OptionalDouble(string name) => Find(name) is null ? null : Double(name);

    internal string String(string name, string? fallback = null) =>
        Find(name) is { } found
            ? found.ValueKind == JsonValueKind.String ? found.GetString()! : throw Wrong(name, found, "a text")
            : fallback ?? throw Missing(name);

    internal string? OptionalString(string name) => Find(name) is null ? null : String(name);

    /// <summary>A list of texts; null where it is absent.</summary>
    internal IReadOnlyList<string>? Strings(string name) => Find(name) is not { } found ? null
        : found.ValueKind == JsonValueKind.Array && found.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String)
            ? [.. found.EnumerateArray().Select(e => e.GetString()!)]
            : throw Wrong(name, found, "a list of texts");

    internal bool Bool(string name, bool? fallback = null) =>
        Find(name) is { } found
            ? found.ValueKind is JsonValueKind.True or JsonValueKind.False ? found.GetBoolean() : throw Wrong(name, found, "true or false")
            : fallback ?? throw Missing(name);

    /// <summary>The classic name of an activation function.</summary>
    internal string Activation(string name, string? fallback = null)
    {
        var found = String(name, fallback);
        var classic = found == "swish" ? "silu" : found;
        return Activations.Exists(classic)
            ? classic
            : throw new ModelLoadException($"{Path}: the setting '{name}' is '{found}', which is not supported; supported: {string.Join(", ", Activations.Names)}");
    }

    /// <summary>A setting of any kind, marked as read; null where it is absent or null.</summary>
    internal JsonElement? Find(string name)
    {
        read.Add(name);
        return Has(name) ? settings[name] : null;
    }

    /// <summary>Settings that change nothing in a forward pass.</summary>
    internal void Skip(params string[] names) => read.UnionWith(names);

    /// <summary>All that is left: only where whoever wrote the file keeps other things than settings of the network there.</summary>
    internal void SkipRest() => read.UnionWith(settings.Keys);

    /// <summary>A setting that is supported with one value only; absent and null are fine.</summary>
    internal void Expect(string name, object? only)
    {
        if (Find(name) is not { } found) return;
        var text = found.ValueKind == JsonValueKind.String ? found.GetString() : found.GetRawText();
        var wanted = only switch { null => "null", bool flag => flag ? "true" : "false", _ => only.ToString() };
        var same = text == wanted
            || (only is double or int && found.ValueKind == JsonValueKind.Number && found.GetDouble() == Convert.ToDouble(only));
        if (!same) throw new ModelLoadException($"{Path}: the setting '{name}' is {text}; only {wanted} is supported");
    }

    /// <summary>Nothing is ignored silently.</summary>
    /// <exception cref="ModelLoadException">A setting was not read.</exception>
    internal void Finish()
    {
        var unread = settings.Where(pair => !read.Contains(pair.Key) && pair.Value.ValueKind != JsonValueKind.Null).ToList();
        if (unread.Count > 0)
            throw new ModelLoadException(
                $"{Path} has settings that this loader does not know: " +
                string.Join(", ", unread.Select(pair => $"'{pair.Key}' = {Short(pair.Value)}")));
    }

    // System.Text.Json reads texts that are no Unicode (bytes, or escapes such as "\ud800") and fails only when asked for them.
    private static void CheckTexts(string path, ReadOnlySpan<byte> bytes)
    {
        var json = new Utf8JsonReader(bytes);
        try
        {
            while (json.Read())
                if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) json.GetString();
        }
        catch (InvalidOperationException e)
        {
            throw new ModelLoadException($"{path} holds a text that is not valid Unicode, at byte {json.TokenStartIndex}", e);
        }
    }

    private T Read<T>(string name, T? fallback, JsonValueKind kind, Func<JsonElement, T> convert) where T : struct
    {
        if (Find(name) is not { } found) return fallback ?? throw Missing(name);
        return found.ValueKind == kind ? convert(found) : throw Wrong(name, found, "a number");
    }

    private ModelLoadException Missing(string name) => new($"{Path}: the setting '{name}' is missing");

    private ModelLoadException Wrong(string name, JsonElement found, string expected) =>
        new($"{Path}: the setting '{name}' is {Short(found)}; expected {expected}");

    private static string Short(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : value.GetRawText();
}
