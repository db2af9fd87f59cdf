using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Weights;

/// <summary>
/// Writes safetensors files. The same tensors give the same bytes: tensors are ordered by type from the widest down
/// and then by name, as the reference writer orders them, so that every tensor is aligned to its elements; metadata is
/// ordered by key. Tensors are written one after the other, row-major, from whatever device and strides they have;
/// only one at a time is copied. The file appears whole or not at all (<see cref="AtomicFile"/>).
/// </summary>
public static class SafeTensorsWriter
{
    private const int HeaderAlignment = 8;
    private static readonly Operator ResolveConjugate = new("aten::resolve_conj");
    private static readonly Operator ResolveNegative = new("aten::resolve_neg");
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file, replacing an existing one.</summary>
    /// <param name="path">The file to write; its folder must exist.</param>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="metadata">Text to store beside them under <c>__metadata__</c>; null for none.</param>
    /// <exception cref="ArgumentException">A name that the format cannot hold, or a header over 100 MB.</exception>
    /// <exception cref="NotSupportedException">A tensor type that the format lacks (complex128).</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var entries = tensors.Select(pair => Describe(pair.Key, pair.Value))
            .OrderByDescending(entry => entry.Info.DType)
            .ThenBy(entry => entry.Info.Name, StringComparer.Ordinal)
            .ToList();
        var header = Header(entries.ConvertAll(entry => entry.Info), metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var (info, tensor) in entries) WriteData(stream, info, tensor);
        });
    }

    private static (TensorInfo Info, Tensor Tensor) Describe(string name, Tensor tensor)
    {
        if (name == "__metadata__")
            throw new ArgumentException("a safetensors file cannot hold a tensor named '__metadata__'; rename it");
        var dtype = WeightDTypes.Of(tensor.dtype);
        if (dtype == WeightDType.C128)
        {
            throw new NotSupportedException(
                $"tensor '{name}' is complex128, which the safetensors format lacks; "
                + "convert it to complex64 or view it as real");
        }

        return (new TensorInfo(name, dtype, tensor.shape, tensor.numel() * dtype.Size()), tensor);
    }

    private static byte[] Header(List<TensorInfo> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 }) WriteMetadata(json, metadata);
            var offset = 0L;
            foreach (var tensor in tensors) WriteEntry(json, tensor, ref offset);
            json.WriteEndObject();
        }

        // The data starts aligned behind spaces.
        while (buffer.WrittenCount % HeaderAlignment != 0) buffer.Write(" "u8);
        var length = buffer.WrittenCount - 8;
        if (length > SafeTensorsHeader.MaxLength)
        {
            throw new ArgumentException(
                $"the names, shapes and metadata need a header of {length} bytes; the format allows "
                + $"{SafeTensorsHeader.MaxLength}: write fewer tensors or shorter metadata");
        }

        var header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject("__metadata__");
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, TensorInfo tensor, ref long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.DType.SafeTensorsName());
        json.WriteStartArray("shape");
        foreach (var size in tensor.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset += tensor.Bytes);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static unsafe void WriteData(Stream stream, TensorInfo info, Tensor tensor)
    {
        const int chunk = 1 << 24;
        using var scope = torch.NewDisposeScope();
        using var gradient = torch.no_grad();
        var local = tensor.detach().cpu();
        // Conjugates and negatives of complex parts are marks on the tensor until somebody needs the numbers.
        var rows = ResolveNegative.Call(ResolveConjugate.Call(local)).contiguous();
        var data = (byte*)rows.DataPointer;
        for (long start = 0; start < info.Bytes; start += chunk)
            stream.Write(new ReadOnlySpan<byte>(data + start, (int)Math.Min(chunk, info.Bytes - start)));
        GC.KeepAlive(rows);
    }
}
