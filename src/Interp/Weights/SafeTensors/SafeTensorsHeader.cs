using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace Interp.Weights;

/// <summary>The checked header of a safetensors file.</summary>
internal sealed class SafeTensorsHeader
{
    /// <summary>The limit of the format: no header is longer than 100 MB.</summary>
    public const long MaxLength = 100_000_000;

    private readonly List<TensorInfo> _tensors = [];
    private readonly List<long> _offsets = [];
    private readonly Dictionary<string, string> _metadata = [];

    private SafeTensorsHeader()
    {
    }

    /// <summary>The tensors in the order of the header.</summary>
    public IReadOnlyList<TensorInfo> Tensors => _tensors;

    /// <summary>Where each tensor's data begins, in bytes from the start of the file.</summary>
    public IReadOnlyList<long> Offsets => _offsets;

    /// <summary>The entries of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public static SafeTensorsHeader Read(MappedFile file)
    {
        var json = Json(file);
        var header = new SafeTensorsHeader();
        var reader = new SafeTensorsJson(file, json, new AllocationBudget(file.Path, file.Length));
        reader.Read(header._tensors, header._offsets, header._metadata);

        var dataStart = 8L + json.Length;
        SafeTensorsLayout.Check(file, header._tensors, header._offsets, file.Length - dataStart);
        for (var i = 0; i < header._offsets.Count; i++) header._offsets[i] += dataStart;
        return header;
    }

    private static ReadOnlySpan<byte> Json(MappedFile file)
    {
        if (file.Length < 8)
            throw Fault(file, $"the file has only {file.Length} bytes", "8 bytes of header length");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, 8));
        if (length == 0) throw Fault(file, "the header length is 0", "a JSON object of at least 2 bytes");
        if (length > MaxLength)
            throw Fault(file, $"the header length is {length}", $"at most {MaxLength} bytes, the limit of the format");
        if ((long)length > file.Length - 8)
        {
            throw Fault(
                file, $"the header length is {length} but only {file.Length - 8} bytes follow it",
                "a header that lies within the file");
        }

        var json = file.Span(8, (long)length);
        if (!Utf8.IsValid(json)) throw Fault(file, "the header is not valid UTF-8", "JSON in UTF-8");
        if (json[0] != '{') throw Fault(file, $"the header begins with byte 0x{json[0]:X2}", "'{'");
        return json;
    }

    private static WeightsFormatException Fault(MappedFile file, string reason, string expected) =>
        new(file.Path, "header", reason, expected);
}
