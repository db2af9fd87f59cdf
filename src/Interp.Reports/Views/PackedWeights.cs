using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Interp.Reports;

/// <summary>
/// Attention weights as base64: float32, or 8 bits where code <c>c</c> of 0…254 means
/// <c>low + c · (high − low) / 254</c> and 255 means no number; compressed with zlib where that is worth it.
/// </summary>
internal static class PackedWeights
{
    private const int WorthCompressing = 16 * 1024;
    private const int Levels = 254;
    private const byte None = 255;

    public static JsonObject Pack(ReadOnlySpan<float> weights, bool exact)
    {
        var (low, high) = Numbers.Range(weights);
        (low, high) = (Math.Min(low, 0), Math.Max(high, low + 1e-6));
        var bytes = exact ? Json.LittleEndian(weights) : Quantize(weights, low, high);
        var compressed = bytes.Length > WorthCompressing;
        return new JsonObject
        {
            ["dtype"] = exact ? "f4" : "u1",
            ["low"] = low,
            ["high"] = high,
            ["compression"] = compressed ? "zlib" : "none",
            ["bdata"] = Convert.ToBase64String(compressed ? Compress(bytes) : bytes),
        };
    }

    private static byte[] Quantize(ReadOnlySpan<float> weights, double low, double high)
    {
        var codes = new byte[weights.Length];
        for (var i = 0; i < weights.Length; i++)
            codes[i] = float.IsFinite(weights[i]) ? (byte)Math.Round((weights[i] - low) / (high - low) * Levels) : None;
        return codes;
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal)) zlib.Write(bytes);
        return packed.ToArray();
    }
}
