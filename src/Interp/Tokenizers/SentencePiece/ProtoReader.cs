using System.Buffers.Binary;

namespace Interp.Tokenizers.SentencePiece;

/// <summary>
/// Walks one message of a protocol buffer (protobuf.dev, "Encoding"): fields with a number and a wire type, in any
/// order. Every length is checked before anything is read.
/// </summary>
internal ref struct ProtoReader(string file, ReadOnlySpan<byte> bytes, int offset)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;
    private int wire;

    /// <summary>The number of the field that <see cref="Next"/> came to.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field; the one before must have been read or skipped.</summary>
    public bool Next()
    {
        if (at == bytes.Length) return false;
        var tag = RawVarint();
        (Field, wire) = ((int)Math.Min(tag >> 3, int.MaxValue), (int)(tag & 7));
        return Field > 0 ? true : throw Error("has a field without a number");
    }

    public ulong Varint() => wire == 0 ? RawVarint() : throw Error($"has field {Field} of wire type {wire}; expected 0");

    public bool Flag() => Varint() != 0;

    /// <summary>An int32, which a protocol buffer writes as a sign-extended varint.</summary>
    public int Int32() => (long)Varint() is var value and >= int.MinValue and <= int.MaxValue
        ? (int)value
        : throw Error($"has a number in field {Field} that is out of range");

    public float Float()
    {
        if (wire != 5) throw Error($"has field {Field} of wire type {wire}; expected 5");
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    public ReadOnlySpan<byte> Bytes() => wire == 2
        ? Take(RawVarint())
        : throw Error($"has field {Field} of wire type {wire}; expected 2");

    /// <summary>A message inside this one.</summary>
    public ProtoReader Message()
    {
        var inner = Bytes();
        return new ProtoReader(file, inner, offset + at - inner.Length);
    }

    public void Skip()
    {
        switch (wire)
        {
            case 0: RawVarint(); break;
            case 1: Take(8); break;
            case 2: Take(RawVarint()); break;
            case 5: Take(4); break;
            default: throw Error($"has field {Field} of unknown wire type {wire}");
        }
    }

    public readonly TokenizerFormatException Error(string complaint) =>
        new($"{file}: the message at byte {offset} {complaint} (byte {offset + at}); expected a SentencePiece model");

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(bytes.Length - at)) throw Error($"has a field of {count} bytes with {bytes.Length - at} left");
        at += (int)count;
        return bytes.Slice(at - (int)count, (int)count);
    }

    private ulong RawVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == bytes.Length) throw Error("ends in the middle of a number");
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Error("has a number of more than ten bytes");
    }
}
