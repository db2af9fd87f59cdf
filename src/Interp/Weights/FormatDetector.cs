using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Interp.Weights;

/// <summary>Tells the format of a file of weights from its first bytes.</summary>
internal static class FormatDetector
{
    private const string Known =
        "a safetensors file, an index of shards (model.safetensors.index.json), a file written by torch.save or a .npz";

    // What the files look like that people open by mistake.
    private static readonly (byte[] Start, string What)[] Strangers =
    [
        ("version https://git-lfs"u8.ToArray(),
            "it is a Git LFS pointer, not the file itself; fetch it with 'git lfs pull'"),
        ("<!DOCTYPE"u8.ToArray(), "it is an HTML page, probably an error page saved by a download"),
        ("<!doctype"u8.ToArray(), "it is an HTML page, probably an error page saved by a download"),
        ("<html"u8.ToArray(), "it is an HTML page, probably an error page saved by a download"),
        ("<?xml"u8.ToArray(), "it is an XML document, probably an error page saved by a download"),
        ("GGUF"u8.ToArray(), "it is a GGUF file"),
        ([0x1F, 0x8B], "it is gzip-compressed; unpack it first"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "it is xz-compressed; unpack it first"),
        ([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], "it is a NumPy array (.npy)"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], "it is an HDF5 file"),
    ];

    public static WeightFormat Detect(MappedFile file)
    {
        var start = file.Span(0, Math.Min(file.Length, 512));
        if (start.IsEmpty) throw Unknown(file, "it is empty");
        if (NpzFile.Begins(start)) return WeightFormat.Numpy;
        if (start.StartsWith("PK\x3\x4"u8) || start.StartsWith("PK\x5\x6"u8)) return WeightFormat.PyTorchZip;
        if (LegacyLayout.Begins(start)) return WeightFormat.PyTorchLegacy;
        foreach (var (magic, what) in Strangers)
            if (start.StartsWith(magic)) throw Unknown(file, what);

        // Eight bytes of length and a brace; in a text, the first eight bytes would be text too.
        if (start.Length > 8 && start[8] == '{' && !(Utf8.IsValid(start[..8]) && IsText(start[..8])))
            return WeightFormat.SafeTensors;
        if (start.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] && IsText(start)) return WeightFormat.Sharded;
        throw Unknown(file, Describe(start, file.Length));
    }

    private static string Describe(ReadOnlySpan<byte> start, long length)
    {
        if (start is [0x80, >= 2 and <= 5, ..]) return "it is a Python pickle that torch.save did not write";
        if (start.Length >= 262 && start[257..262].SequenceEqual("ustar"u8))
            return "it is a tar archive (torch.save before PyTorch 0.1.10, or packed weights); convert or unpack it";
        if (length >= 8 && BinaryPrimitives.ReadUInt64LittleEndian(start) is 0)
            return "its first 8 bytes, a safetensors header length, are 0";
        if (length <= 8) return $"it has only {length} bytes, too few for any format";
        if (IsText(start)) return $"it is text that begins with '{Encoding.ASCII.GetString(start[..9]).Trim()}…'";
        return $"it begins with the bytes {Convert.ToHexString(start[..9])}, which no known format does";
    }

    private static bool IsText(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyInRange((byte)0, (byte)8) < 0
        && bytes.IndexOfAnyInRange((byte)14, (byte)31) < 0 && !bytes.Contains((byte)127);

    private static WeightsFormatException Unknown(MappedFile file, string what) => new(file.Path, "", what, Known);
}
