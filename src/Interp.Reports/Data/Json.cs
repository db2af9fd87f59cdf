using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>JSON as a report carries it: exact, and safe inside a script element.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        // Keeps other alphabets and base64 readable. It leaves '<' alone, which Inline then escapes.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// The text of a node for a script element. Outside strings JSON has no '&lt;', so escaping every one of them
    /// keeps the meaning and leaves nothing that could end or open an element.
    /// </summary>
    public static string Inline(JsonNode node) =>
        node.ToJsonString(Compact).Replace("<", "\\u003C").Replace("\u2028", "\\u2028").Replace("\u2029", "\\u2029");

    /// <summary>A number; what JSON has no number for is the text "NaN", "Infinity" or "-Infinity".</summary>
    public static JsonNode Number(float value) =>
        float.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(NotFinite(value));

    /// <summary>A number; what JSON has no number for is the text "NaN", "Infinity" or "-Infinity".</summary>
    public static JsonNode Number(double value) =>
        double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(NotFinite(value));

    /// <summary>A list of numbers.</summary>
    public static JsonArray Array(ReadOnlySpan<float> values)
    {
        var array = new JsonArray();
        foreach (var value in values) array.Add(Number(value));
        return array;
    }

    /// <summary>A list of texts.</summary>
    public static JsonArray Array(IEnumerable<string> values) =>
        new([.. values.Select(value => (JsonNode)JsonValue.Create(value)!)]);

    /// <summary>A list of rows.</summary>
    public static JsonArray Array(Grid grid)
    {
        var rows = new JsonArray();
        for (var row = 0; row < grid.Rows; row++) rows.Add(Array(grid.Row(row)));
        return rows;
    }

    /// <summary>
    /// plotly's typed array: little-endian float32 in base64. Infinities travel as NaN, because plotly draws only
    /// NaN as a gap; the figure's note counts both.
    /// </summary>
    public static JsonObject Typed(ReadOnlySpan<float> values, string? shape = null)
    {
        var finite = new float[values.Length];
        for (var i = 0; i < values.Length; i++) finite[i] = float.IsFinite(values[i]) ? values[i] : float.NaN;
        var typed = new JsonObject { ["dtype"] = "f4", ["bdata"] = Convert.ToBase64String(LittleEndian(finite)) };
        if (shape is not null) typed["shape"] = shape;
        return typed;
    }

    /// <summary>The bytes of float32 numbers, lowest byte first on every machine.</summary>
    public static byte[] LittleEndian(ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian) return MemoryMarshal.AsBytes(values).ToArray();
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return bytes;
    }

    private static string NotFinite(double value) =>
        double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}
