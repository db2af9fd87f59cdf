using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Interp.Weights;

/// <summary>
/// Reads the directory at the end of a zip archive (PKWARE's APPNOTE, with its 64-bit extension) and checks that every
/// entry lies in the file, apart from the others, under a name of its own.
/// </summary>
internal static class ZipDirectory
{
    internal const int EntrySize = 46;
    private const int LocalSize = 30;

    public static Dictionary<string, ZipEntry> Read(MappedFile file, AllocationBudget budget)
    {
        var (count, start, length) = ZipEnd.Find(file);
        var entries = new Dictionary<string, ZipEntry>();
        var inflated = 0L;
        var position = start;
        for (var i = 0L; i < count; i++)
        {
            if (start + length - position < EntrySize)
                throw Fault(file, "directory", $"it ends in entry {i + 1} of {count}", "whole entries");
            budget.Charge(512);
            var entry = ReadEntry(file, budget, start, start + length, ref position);
            if (entry.Name.EndsWith('/') && entry.Length == 0) continue;
            if (!entries.TryAdd(entry.Name, entry))
                throw Fault(file, Place(entry), "its name appears twice", "every name once");
            if (entry.IsDeflated) inflated = CheckInflated(file, budget, entry, inflated);
        }

        if (position != start + length)
            throw Fault(file, "directory", $"{start + length - position} bytes follow its last entry", "entries only");
        CheckOverlaps(file, entries.Values);
        return entries;
    }

    private static ZipEntry ReadEntry(MappedFile file, AllocationBudget budget, long start, long end, ref long position)
    {
        var head = file.Span(position, EntrySize);
        if (!head.StartsWith("PK\x1\x2"u8))
            throw Fault(file, "directory", $"no entry begins at {position}", "an entry");
        var nameLength = UInt16(head, 28);
        var extraLength = UInt16(head, 30);
        var size = (long)EntrySize + nameLength + extraLength + UInt16(head, 32);
        if (size > end - position)
            throw Fault(file, "directory", $"the entry at {position} runs past its end", "whole entries");

        var nameBytes = file.Span(position + EntrySize, nameLength);
        if (!Utf8.IsValid(nameBytes))
            throw Fault(file, $"directory, byte {position}", "a name is not valid UTF-8", "UTF-8");
        budget.ChargeString(3L * nameLength);
        var name = Encoding.UTF8.GetString(nameBytes);
        var extra = file.Span(position + EntrySize + nameLength, extraLength);
        position += size;
        return Checked(file, name, head, extra, start);
    }

    private static ZipEntry Checked(
        MappedFile file, string name, ReadOnlySpan<byte> head, ReadOnlySpan<byte> extra, long directory)
    {
        var place = $"entry '{name}'";
        var flags = UInt16(head, 8);
        var method = UInt16(head, 10);
        if ((flags & 0x1) != 0) throw Fault(file, place, "it is encrypted", "plain or deflated data");
        if (method is not (0 or 8))
            throw Fault(file, place, $"its compression method is {method}", "0 (stored) or 8 (deflate)");

        var (length, stored, local) = Sizes(file, place, head, extra);
        if (method == 0 && stored != length)
            throw Fault(
                file, place, $"it is stored, with {length} bytes of content in {stored} bytes", "as many of each");
        if (local < 0 || local > directory - LocalSize)
            throw Fault(
                file, place, $"its header would be at byte {local}", $"a place before the directory at {directory}");
        var header = file.Span(local, LocalSize);
        if (!header.StartsWith("PK\x3\x4"u8))
            throw Fault(file, place, $"no entry begins at byte {local}", "its header");

        // The header before the data repeats the name and has extra fields of its own length.
        var data = local + LocalSize + UInt16(header, 26) + UInt16(header, 28);
        if (stored < 0 || length < 0 || data > directory || stored > directory - data)
            throw Fault(
                file, place, $"its {stored} bytes at {data} run into the directory at {directory}", "data before it");
        if (!file.Span(local + LocalSize, UInt16(header, 26)).SequenceEqual(Encoding.UTF8.GetBytes(name)))
            throw Fault(file, place, "the header before its data has another name", "the same name in both");
        return new ZipEntry(name, local, data, stored, length, method == 8, UInt32(head, 16));
    }

    // Sizes and places that do not fit 32 bits are in an extra field, in this order, only those that are needed.
    private static (long Length, long Stored, long Local) Sizes(
        MappedFile file, string place, ReadOnlySpan<byte> head, ReadOnlySpan<byte> extra)
    {
        ReadOnlySpan<int> at = [24, 20, 42];
        Span<long> values = stackalloc long[3];
        var wide = Wide(extra);
        for (var i = 0; i < 3; i++)
        {
            values[i] = UInt32(head, at[i]);
            if (values[i] != uint.MaxValue) continue;
            if (wide.Length < 8) throw Fault(file, place, "its 64-bit sizes are missing", "a ZIP64 field with them");
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(wide);
            wide = wide[8..];
        }

        return (values[0], values[1], values[2]);
    }

    private static ReadOnlySpan<byte> Wide(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var size = Math.Min(UInt16(extra, 2), extra.Length - 4);
            if (UInt16(extra, 0) == 1) return extra.Slice(4, size);
            extra = extra[(4 + size)..];
        }

        return [];
    }

    private static long CheckInflated(MappedFile file, AllocationBudget budget, ZipEntry entry, long inflated)
    {
        if (entry.Length > budget.Limit - inflated)
        {
            throw Fault(
                file, Place(entry), $"it would inflate from {entry.Stored} to {entry.Length} bytes",
                $"at most {budget.Limit} bytes in all entries together, the size of the file plus 64 MiB");
        }

        budget.Charge(entry.Length);
        return inflated + entry.Length;
    }

    private static void CheckOverlaps(MappedFile file, IEnumerable<ZipEntry> entries)
    {
        ZipEntry? before = null;
        foreach (var entry in entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Stored))
        {
            if (before is not null && entry.Header < before.Offset + before.Stored)
                throw Fault(file, Place(entry), $"its data overlaps that of entry '{before.Name}'", "data of its own");
            before = entry;
        }
    }

    private static string Place(ZipEntry entry) => $"entry '{entry.Name}'";

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static WeightsFormatException Fault(MappedFile file, string place, string reason, string expected) =>
        new(file.Path, place, reason, expected);
}
