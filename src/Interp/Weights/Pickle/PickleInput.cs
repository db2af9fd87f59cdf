using System.Buffers.Binary;

namespace Interp.Weights;

/// <summary>A cursor over the bytes of a pickle; every read is checked against the end.</summary>
internal ref struct PickleInput(ReadOnlySpan<byte> data, string file, string place)
{
    private readonly ReadOnlySpan<byte> _data = data;

    public int Position { get; private set; }

    public readonly int Length => _data.Length;

    public byte Byte() => Bytes(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8));

    public ReadOnlySpan<byte> Bytes(ulong count)
    {
        var left = _data.Length - Position;
        if (count > (ulong)left) throw Fault($"it asks for {count} bytes where {left} are left", "a whole pickle");
        var bytes = _data.Slice(Position, (int)count);
        Position += (int)count;
        return bytes;
    }

    /// <summary>The bytes before the next line feed, which is passed.</summary>
    public ReadOnlySpan<byte> Line()
    {
        var length = _data[Position..].IndexOf((byte)'\n');
        if (length < 0) throw Fault("a line has no end", "a line feed");
        var line = _data.Slice(Position, length);
        Position += length + 1;
        return line;
    }

    public readonly WeightsFormatException Fault(string reason, string expected) =>
        new(file, $"{place}, byte {Position}", reason, expected);
}
