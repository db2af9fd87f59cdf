using System.Text.Json;
using System.Text.Unicode;

namespace Interp.Tokenizers.Json;

/// <summary>
/// One value of a JSON file together with where it stands, so that every complaint can name the file and the setting:
/// <c>tokenizer.json: model.type is "Unigram"; supported: "BPE"</c>.
/// </summary>
internal readonly struct JsonSetting
{
    private readonly string file;
    private readonly string path;
    private readonly JsonElement element;

    private JsonSetting(string file, string path, JsonElement element) =>
        (this.file, this.path, this.element) = (file, path, element);

    /// <summary>Reads a whole document; a duplicate key is an error, since its meaning depends on who reads.</summary>
    public static JsonSetting Parse(string file, byte[] bytes)
    {
        try
        {
            var utf8 = bytes.AsMemory();
            if (utf8.Span.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
            if (!Utf8.IsValid(utf8.Span)) throw new JsonException("its bytes are not UTF-8");
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return new JsonSetting(file, "", document.RootElement.Clone());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new TokenizerFormatException($"{file}: not valid JSON: {error.Message}", error);
        }
    }

    public static JsonSetting Load(string path) => Parse(path, File.ReadAllBytes(path));

    /// <summary>The setting's place, for messages.</summary>
    public string Name => path.Length == 0 ? "the document" : path;

    /// <summary>The file and the setting's place, for messages.</summary>
    public string Place => $"{file}: {Name}";

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    public bool IsArray => element.ValueKind == JsonValueKind.Array;

    public bool IsString => element.ValueKind == JsonValueKind.String;

    public bool IsInteger => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out _);

    public JsonSetting Child(string name) =>
        Find(name) ?? throw Error($"has no \"{name}\"");

    /// <summary>A member, or null where it is absent or the JSON null.</summary>
    public JsonSetting? Find(string name)
    {
        Expect(JsonValueKind.Object, "an object");
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return new JsonSetting(file, Join(name), value);
    }

    public string Text()
    {
        Expect(JsonValueKind.String, "a string");
        return Decoded(element.GetString)!;
    }

    public bool Flag() => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error($"is {Shown()}; expected true or false"),
    };

    public bool Flag(string name, bool absent) => Find(name)?.Flag() ?? absent;

    /// <summary>A token id: a whole number from 0 to 2^31 − 2.</summary>
    public int Id() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var id) && id is >= 0 and < int.MaxValue
            ? id
            : throw Error($"is {Shown()}; expected a token id, a whole number from 0");

    /// <summary>A finite number.</summary>
    public double Number() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && double.IsFinite(value)
            ? value
            : throw Error($"is {Shown()}; expected a number");

    public IEnumerable<JsonSetting> Items()
    {
        Expect(JsonValueKind.Array, "an array");
        var (inFile, at) = (file, path);
        return element.EnumerateArray().Select((item, index) => new JsonSetting(inFile, $"{at}[{index}]", item));
    }

    public IEnumerable<(string Key, JsonSetting Value)> Members()
    {
        Expect(JsonValueKind.Object, "an object");
        var self = this;
        return element.EnumerateObject().Select(member =>
        {
            var key = self.Decoded(() => member.Name)!;
            return (key, new JsonSetting(self.file, self.Join(key), member.Value));
        });
    }

    /// <summary>Refuses members that nobody reads: a setting that is not understood must not be passed over.</summary>
    public void AllowOnly(params ReadOnlySpan<string> known)
    {
        foreach (var (key, value) in Members())
            if (!known.Contains(key)) throw value.Error($"is a setting that is not supported (value {value.Shown()})");
    }

    /// <summary>An error about this setting: file, place, then <paramref name="complaint"/>.</summary>
    public TokenizerFormatException Error(string complaint) => new($"{file}: {Name} {complaint}");

    /// <summary>The value as JSON, shortened.</summary>
    public string Shown()
    {
        var raw = element.GetRawText();
        return raw.Length <= 60 ? raw : raw[..57] + "...";
    }

    private string Join(string name) => path.Length == 0 ? name : $"{path}.{name}";

    private void Expect(JsonValueKind kind, string words)
    {
        if (element.ValueKind != kind) throw Error($"is {Shown()}; expected {words}");
    }

    private string? Decoded(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException error)
        {
            // Escapes such as "\ud800" spell half a surrogate pair; System.Text.Json refuses to make a string of it.
            throw new TokenizerFormatException($"{file}: {Name} holds a string that is not valid Unicode", error);
        }
    }
}
