using System.Buffers.Binary;
using System.IO.Compression;

namespace Interp.Reports;

/// <summary>
/// Writes a matrix as a PNG image, one pixel a number (8-bit RGBA; W3C, "Portable Network Graphics, 3rd edition").
/// </summary>
internal static class Png
{
    private static readonly uint[] Crc = MakeCrcTable();

    /// <summary>The file's bytes; a paint of null is a transparent pixel.</summary>
    public static byte[] Encode(Grid grid, Func<float, Rgb?> paint)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, grid.Columns);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), grid.Rows);
        (header[8], header[9]) = (8, 6); // 8 bits a channel; red, green, blue, alpha
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, Pixels(grid, paint));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Pixels(Grid grid, Func<float, Rgb?> paint)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            var line = new byte[1 + grid.Columns * 4]; // the first byte says "no filter"
            for (var row = 0; row < grid.Rows; row++)
            {
                var values = grid.Row(row);
                for (var column = 0; column < grid.Columns; column++)
                {
                    var color = paint(values[column]);
                    var (r, g, b) = color is { } c ? (c.R, c.G, c.B) : ((byte)0, (byte)0, (byte)0);
                    var at = 1 + column * 4;
                    (line[at], line[at + 1], line[at + 2]) = (r, g, b);
                    line[at + 3] = color is null ? (byte)0 : (byte)255;
                }
                zlib.Write(line);
            }
        }
        return packed.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(kind);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Update(Update(uint.MaxValue, kind), content));
        file.Write(number);
    }

    private static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes) crc = Crc[(crc ^ value) & 0xff] ^ crc >> 8;
        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            var c = n;
            for (var bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xedb88320 ^ c >> 1 : c >> 1;
            table[n] = c;
        }
        return table;
    }
}
