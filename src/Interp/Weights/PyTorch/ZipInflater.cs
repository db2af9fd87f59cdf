using System.IO.Compression;

namespace Interp.Weights;

/// <summary>Decompresses an entry whose size has been checked against what the file may take.</summary>
internal static class ZipInflater
{
    public static unsafe NativeBlock Inflate(MappedFile file, ZipEntry entry)
    {
        var source = file.Region(entry.Offset, entry.Stored);
        using var packed = new UnmanagedMemoryStream((byte*)source.Pointer, source.Length);
        using var inflater = new DeflateStream(packed, CompressionMode.Decompress);
        var block = NativeBlock.Allocate(entry.Length);
        try
        {
            Fill(inflater, block.Region, file.Path, entry);
            return block;
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    private static void Fill(DeflateStream inflater, DataRegion target, string file, ZipEntry entry)
    {
        const int chunk = 1 << 20;
        var crc = new Crc32();
        var done = 0L;
        try
        {
            while (done < target.Length)
            {
                var part = target.Slice(done, Math.Min(chunk, target.Length - done)).Span;
                var count = inflater.Read(part);
                if (count == 0) throw Fault(file, entry, $"its data ends after {done} bytes", $"{entry.Length} bytes");
                crc.Add(part[..count]);
                done += count;
            }

            if (inflater.ReadByte() >= 0)
                throw Fault(file, entry, "its data is longer than it says", $"{entry.Length} bytes");
        }
        catch (InvalidDataException fault)
        {
            throw new WeightsFormatException(
                file, $"entry '{entry.Name}'", "its compressed data is damaged", "data in deflate format", fault);
        }

        if (crc.Value != entry.Crc)
            throw Fault(file, entry, $"its checksum is {crc.Value:X8}", $"{entry.Crc:X8}, as the archive says");
    }

    private static WeightsFormatException Fault(string file, ZipEntry entry, string reason, string expected) =>
        new(file, $"entry '{entry.Name}'", reason, expected);
}
