using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Interp.Reports;

/// <summary>Features as a page carries them: an index of all for the list, and the rest in parts.</summary>
/// <param name="Index">Base64 of zlib of the JSON of the index.</param>
/// <param name="Parts">The same of <see cref="PartSize"/> features each.</param>
internal sealed record PackedFeatures(string Index, IReadOnlyList<string> Parts)
{
    /// <summary>Features a part: one part is unpacked in a few milliseconds.</summary>
    public const int PartSize = 64;

    private const int MostPeaks = 10;

    public static PackedFeatures Pack(IReadOnlyList<FeatureSheet> sheets, Func<int, string> text)
    {
        var tokens = new Dictionary<int, int>();
        int Place(int token) => tokens.TryGetValue(token, out var place) ? place : tokens[token] = tokens.Count;
        var parts = sheets.Chunk(PartSize).Select(part => Compress(json =>
        {
            json.WriteStartArray();
            foreach (var sheet in part) Write(json, sheet, Place);
            json.WriteEndArray();
        })).ToArray();
        var index = Compress(json => WriteIndex(json, sheets, tokens, Place, text));
        return new PackedFeatures(index, parts);
    }

    /// <summary>The tokens on which a feature fires, the most frequent among its examples first.</summary>
    public static IEnumerable<int> Peaks(FeatureSheet sheet) =>
        sheet.Examples.SelectMany(group => group.Windows).Select(window => window.Tokens[window.Peak])
            .GroupBy(token => token).OrderByDescending(group => group.Count()).Select(group => group.Key).Take(MostPeaks);

    private static void WriteIndex(Utf8JsonWriter json, IReadOnlyList<FeatureSheet> sheets, Dictionary<int, int> tokens,
        Func<int, int> place, Func<int, string> text)
    {
        json.WriteStartObject();
        Numbers(json, "index", sheets.Select(sheet => (double)sheet.Index));
        Numbers(json, "density", sheets.Select(sheet => sheet.Density));
        Numbers(json, "maximum", sheets.Select(sheet => sheet.Maximum));
        Numbers(json, "minimum", sheets.Select(sheet => sheet.Minimum));
        Numbers(json, "mean", sheets.Select(sheet => sheet.Mean));
        Lists(json, "peaks", sheets.Select(sheet => Peaks(sheet).Select(place)));
        Lists(json, "promoted", sheets.Select(sheet => sheet.Promoted.Select(token => place(token.Token))));
        json.WriteStartArray("tokens"); // last: everything that has tokens has been written
        foreach (var token in tokens.OrderBy(pair => pair.Value)) json.WriteStringValue(TokenText.Visible(text(token.Key)));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FeatureSheet sheet, Func<int, int> place)
    {
        json.WriteStartObject();
        Write(json, "activations", sheet.Activations);
        Write(json, "logits", sheet.Logits);
        Write(json, "promoted", sheet.Promoted, place);
        Write(json, "suppressed", sheet.Suppressed, place);
        json.WriteStartArray("examples");
        foreach (var group in sheet.Examples)
        {
            json.WriteStartObject();
            json.WriteString("title", group.Title);
            json.WriteStartArray("windows");
            foreach (var window in group.Windows)
            {
                json.WriteStartObject();
                json.WriteNumber("peak", window.Peak);
                Numbers(json, "tokens", window.Tokens.Select(token => (double)place(token)));
                Numbers(json, "values", window.Values.Select(value => (double)value));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("related");
        foreach (var list in sheet.Related) Write(json, list);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FeatureRelations list)
    {
        json.WriteStartObject();
        json.WriteString("title", list.Title);
        json.WriteStartArray("items");
        foreach (var item in list.Items)
        {
            json.WriteStartArray();
            json.WriteStringValue(item.Name);
            Number(json, item.Value);
            if (item.Feature is { } feature) json.WriteNumberValue(feature);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, FeatureBars? bars)
    {
        if (bars is null) return;
        json.WriteStartObject(name);
        json.WritePropertyName("low");
        Number(json, bars.Low);
        json.WritePropertyName("width");
        Number(json, bars.Width);
        Numbers(json, "counts", bars.Counts.Select(count => (double)count));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<FeatureToken> tokens, Func<int, int> place)
    {
        if (tokens.Count == 0) return;
        json.WriteStartObject(name);
        Numbers(json, "tokens", tokens.Select(token => (double)place(token.Token)));
        Numbers(json, "values", tokens.Select(token => token.Value));
        json.WriteEndObject();
    }

    private static void Lists(Utf8JsonWriter json, string name, IEnumerable<IEnumerable<int>> lists)
    {
        json.WriteStartArray(name);
        foreach (var list in lists)
        {
            json.WriteStartArray();
            foreach (var number in list) json.WriteNumberValue(number);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) Number(json, value);
        json.WriteEndArray();
    }

    /// <summary>A number; whole ones exactly, others to five digits, more than a page shows.</summary>
    private static void Number(Utf8JsonWriter json, double value)
    {
        if (!double.IsFinite(value)) json.WriteNullValue();
        else if (value == Math.Floor(value) && Math.Abs(value) < 1e15) json.WriteNumberValue((long)value);
        else json.WriteRawValue(value.ToString("G5", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string Compress(Action<Utf8JsonWriter> write)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
        using (var json = new Utf8JsonWriter(zlib, new JsonWriterOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // inside base64 nothing can be markup
            SkipValidation = true,
        }))
            write(json);
        return Convert.ToBase64String(packed.ToArray());
    }
}
