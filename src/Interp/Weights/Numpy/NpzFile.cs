using System.IO.Compression;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Weights;

/// <summary>
/// A NumPy archive, what <c>numpy.savez</c> and <c>savez_compressed</c> write: a zip archive with one <c>.npy</c> array
/// for each name. Headers are read when the file is opened; the data of uncompressed arrays is mapped, that of
/// compressed ones is inflated when it is loaded. Arrays of Python objects are refused: they are pickles.
/// </summary>
public sealed class NpzFile : WeightFile
{
    private const string Extension = ".npy";

    private readonly MappedFile _file;
    private readonly Dictionary<string, (ZipEntry Entry, NpyHeader Header)> _arrays = [];
    private readonly List<TensorInfo> _tensors = [];

    internal NpzFile(MappedFile file)
        : base(file.Path)
    {
        _file = file;
        var budget = new AllocationBudget(file.Path, file.Length);
        foreach (var entry in ZipDirectory.Read(file, budget).Values) Add(entry, budget);
    }

    /// <inheritdoc/>
    public override WeightFormat Format => WeightFormat.Numpy;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors => _tensors;

    /// <summary>Whether a zip archive begins with a NumPy array.</summary>
    internal static bool Begins(ReadOnlySpan<byte> start)
    {
        if (start.Length < 30 || !start.StartsWith("PK\x3\x4"u8)) return false;
        var length = start[26] | (start[27] << 8);
        return length <= start.Length - 30 && start.Slice(30, length).EndsWith(".npy"u8);
    }

    private protected override Tensor LoadTensor(TensorInfo info)
    {
        var (entry, header) = _arrays[info.Name];
        if (!entry.IsDeflated) return Build(_file.Region(entry.Offset, entry.Length), header, info);
        using var block = ZipInflater.Inflate(_file, entry);
        return Build(block.Region, header, info);
    }

    private protected override void Close() => _file.Dispose();

    private Tensor Build(DataRegion array, NpyHeader header, TensorInfo info) =>
        TensorBuilder.Build(array.Slice(header.Length, info.Bytes), header.DType, header.Shape, header.Strides,
            header.BigEndian, Path, info.Name);

    private void Add(ZipEntry entry, AllocationBudget budget)
    {
        var place = $"entry '{entry.Name}'";
        if (!entry.Name.EndsWith(Extension, StringComparison.Ordinal) || entry.Name.Length == Extension.Length)
            throw new WeightsFormatException(Path, place, "it is no NumPy array", "arrays NAME.npy only");
        budget.Charge(2 * NpyHeader.Largest);
        var header = NpyHeader.Read(Start(entry), Path, place);
        if (header.Bytes != entry.Length - header.Length)
            throw new WeightsFormatException(Path, place, $"its shape [{string.Join(", ", header.Shape)}] takes "
                + $"{header.Bytes} bytes and {entry.Length - header.Length} follow its header", "as many of each");
        var name = entry.Name[..^Extension.Length];
        _arrays.Add(name, (entry, header));
        _tensors.Add(new TensorInfo(name, header.DType, header.Shape, header.Bytes));
    }

    private unsafe ReadOnlySpan<byte> Start(ZipEntry entry)
    {
        var length = (int)Math.Min(entry.Length, NpyHeader.Largest);
        if (!entry.IsDeflated) return _file.Span(entry.Offset, length);
        var source = _file.Region(entry.Offset, entry.Stored);
        using var packed = new UnmanagedMemoryStream((byte*)source.Pointer, source.Length);
        using var inflater = new DeflateStream(packed, CompressionMode.Decompress);
        var start = new byte[length];
        try
        {
            return start.AsSpan(0, inflater.ReadAtLeast(start, length, throwOnEndOfStream: false));
        }
        catch (InvalidDataException fault)
        {
            throw new WeightsFormatException(Path, $"entry '{entry.Name}'", "its compressed data is damaged",
                "data in deflate format", fault);
        }
    }
}
