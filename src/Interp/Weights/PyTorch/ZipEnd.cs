using System.Buffers.Binary;

namespace Interp.Weights;

/// <summary>Finds the directory of a zip archive: its end is described at the end of the file.</summary>
internal static class ZipEnd
{
    private const int EndSize = 22;

    /// <summary>Entry count, start and length of the directory.</summary>
    public static (long Count, long Start, long Length) Find(MappedFile file)
    {
        var at = Locate(file);
        var end = file.Span(at, EndSize);
        if (UInt16(end, 4) != 0 || UInt16(end, 6) != 0)
            throw Fault(file, "directory", "it is one part of several", "a whole archive");
        var (count, length, start) = ((long)UInt16(end, 10), (long)UInt32(end, 12), (long)UInt32(end, 16));
        if (count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue)
            (count, length, start, at) = Wide(file, at);
        if (count < 0 || start < 0 || length < 0 || start > at || length > at - start
            || count > length / ZipDirectory.EntrySize)
        {
            throw Fault(
                file, "directory", $"it claims {count} entries in {length} bytes at byte {start}",
                $"a directory that ends before byte {at}");
        }

        return (count, start, length);
    }

    // The record of the end is followed by a comment of the length it gives, and then by nothing.
    private static long Locate(MappedFile file)
    {
        var tail = file.Span(Math.Max(0, file.Length - EndSize - ushort.MaxValue), Math.Min(
            file.Length, EndSize + ushort.MaxValue));
        for (var at = tail.Length - EndSize; at >= 0; at--)
        {
            if (tail[at..].StartsWith("PK\x5\x6"u8) && UInt16(tail, at + 20) == tail.Length - at - EndSize)
                return file.Length - tail.Length + at;
        }

        throw Fault(
            file, "", "it is a zip archive without a directory at its end (a download that broke off?)",
            "a whole archive");
    }

    private static (long Count, long Length, long Start, long At) Wide(MappedFile file, long end)
    {
        const int locatorSize = 20, recordSize = 56;
        if (end < locatorSize) throw Missing(file);
        var locator = file.Span(end - locatorSize, locatorSize);
        if (!locator.StartsWith("PK\x6\x7"u8)) throw Missing(file);
        var at = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        if (at < 0 || at > end - locatorSize - recordSize) throw Missing(file);
        var record = file.Span(at, recordSize);
        if (!record.StartsWith("PK\x6\x6"u8)) throw Missing(file);
        return (BinaryPrimitives.ReadInt64LittleEndian(record[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[48..]), at);
    }

    private static WeightsFormatException Missing(MappedFile file) =>
        Fault(file, "directory", "its 64-bit record is missing or damaged", "a ZIP64 end record");

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static WeightsFormatException Fault(MappedFile file, string place, string reason, string expected) =>
        new(file.Path, place, reason, expected);
}
