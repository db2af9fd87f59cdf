using System.IO.Compression;
using System.Text;
using Interp.Weights;

namespace Interp.Tests.Weights;

/// <summary>Files as <c>torch.save</c> writes them, from a pickle and storages.</summary>
internal static class TorchBytes
{
    /// <summary>The zip layout; each storage is aligned to 64 bytes as PyTorch does it.</summary>
    public static byte[] Zip(
        byte[] pickle, Dictionary<string, byte[]> storages, string folder = "archive/", bool deflate = false,
        string? byteOrder = null, int alignment = 64)
    {
        var entries = new List<(string, byte[])> { (folder + "data.pkl", pickle) };
        if (byteOrder is not null) entries.Add((folder + "byteorder", Encoding.ASCII.GetBytes(byteOrder)));
        entries.AddRange(storages.Select(pair => (folder + "data/" + pair.Key, pair.Value)));
        entries.Add((folder + "version", "3\n"u8.ToArray()));
        return Archive(entries, deflate, alignment);
    }

    public static byte[] Archive(
        IEnumerable<(string Name, byte[] Data)> entries, bool deflate = false, int alignment = 64, bool wide = false)
    {
        var file = new MemoryStream();
        var directory = new MemoryStream();
        var count = 0;
        foreach (var (name, data) in entries)
        {
            var stored = deflate ? Deflated(data) : data;
            var nameBytes = Encoding.UTF8.GetBytes(name);
            var local = (int)file.Length;
            var padding = (int)((alignment - (local + 30 + nameBytes.Length + 4) % alignment) % alignment);
            byte[] common =
            [
                20, 0, 0, 0, (byte)(deflate ? 8 : 0), 0, 0, 0, 0, 0,
                .. BitConverter.GetBytes(Crc32.Of(data)), .. BitConverter.GetBytes(stored.Length),
                .. BitConverter.GetBytes(data.Length), .. BitConverter.GetBytes((ushort)nameBytes.Length),
            ];
            file.Write([
                .. "PK\x3\x4"u8, .. common, .. BitConverter.GetBytes((ushort)(4 + padding)), .. nameBytes,
                (byte)'F', (byte)'B', .. BitConverter.GetBytes((ushort)padding), .. new byte[padding], .. stored]);
            // Sizes and places of 64 bits stand in an extra field, behind all ones in the usual place.
            byte[] places = wide ? [.. Enumerable.Repeat((byte)0xFF, 8)] : common[14..22];
            byte[] extra = wide
                ?
                [
                    1, 0, 24, 0, .. BitConverter.GetBytes((long)data.Length),
                    .. BitConverter.GetBytes((long)stored.Length), .. BitConverter.GetBytes((long)local),
                ]
                : [];
            directory.Write([
                .. "PK\x1\x2"u8, 20, 0, .. common[..14], .. places, .. common[22..24], (byte)extra.Length, 0,
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(wide ? -1 : local), .. nameBytes, .. extra]);
            count++;
        }

        var start = (int)file.Length;
        directory.WriteTo(file);
        file.Write([
            .. "PK\x5\x6"u8, 0, 0, 0, 0, .. BitConverter.GetBytes((ushort)count),
            .. BitConverter.GetBytes((ushort)count),
            .. BitConverter.GetBytes((int)directory.Length), .. BitConverter.GetBytes(start), 0, 0]);
        return file.ToArray();
    }

    /// <summary>The layout before PyTorch 1.6; every storage is (key, bytes per element, data).</summary>
    public static byte[] Legacy(byte[] pickle, params (string Key, int Size, byte[] Data)[] storages)
    {
        var keys = new PickleBytes().Op("](");
        foreach (var (key, _, _) in storages) keys.Text(key);
        return
        [
            .. LegacyLayout.Magic,
            .. new PickleBytes().Number(1001).Done(),
            .. new PickleBytes().Op("}").Text("little_endian").Raw(0x88).Op("s").Done(),
            .. pickle,
            .. keys.Op("e").Done(),
            .. storages.SelectMany(storage => (byte[])
                [.. BitConverter.GetBytes((long)(storage.Data.Length / storage.Size)), .. storage.Data]),
        ];
    }

    /// <summary>float32 values as bytes.</summary>
    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Deflated(byte[] data)
    {
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(data);
        return packed.ToArray();
    }
}
