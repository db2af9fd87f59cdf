using System.Buffers.Binary;
using System.Text;
using Interp.Tokenizers;
using Interp.Tokenizers.SentencePiece;

namespace Interp.Tests.Tokenizers.SentencePiece;

/// <summary>Writes small SentencePiece models and charsmaps.</summary>
internal static class TinyModel
{
    public const int Unigram = 1, Bpe = 2;

    public static byte[] Build(int type, IEnumerable<(string Text, float Score, PieceKind Kind)> pieces,
        byte[]? charsMap = null, bool addsSpace = true, bool squeezes = true, bool byteFallback = false,
        bool spaceGoesLast = false)
    {
        var file = new List<byte>();
        foreach (var (text, score, kind) in pieces)
            file.AddRange(Field(1, [.. Field(1, Encoding.UTF8.GetBytes(text)), 0x15, .. BitConverter.GetBytes(score),
                0x18, (byte)kind]));
        file.AddRange(Field(2, [.. Number(3, type), .. Number(24, spaceGoesLast ? 1 : 0), .. Number(35, byteFallback ? 1 : 0)]));
        file.AddRange(Field(3, [.. Field(1, "test"u8.ToArray()), .. charsMap is null ? [] : Field(2, charsMap),
            .. Number(3, addsSpace ? 1 : 0), .. Number(4, squeezes ? 1 : 0)]));
        return [.. file];
    }

    /// <summary>Unknown, BOS, EOS, then the pieces given.</summary>
    public static (string, float, PieceKind)[] Pieces(params (string, float, PieceKind)[] more) =>
        [("<unk>", 0, PieceKind.Unknown), ("<s>", 0, PieceKind.Control), ("</s>", 0, PieceKind.Control), .. more];

    public static Tokenizer Load(byte[] model)
    {
        using var folder = new TemporaryFolder();
        return TokenizerLoader.Load(folder.Write("tokenizer.model", model));
    }

    public static byte[] Field(int number, byte[] content) =>
        [.. Varint((uint)((number << 3) | 2)), .. Varint((uint)content.Length), .. content];

    public static byte[] Number(int number, int value) => [.. Varint((uint)(number << 3)), .. Varint((uint)value)];

    /// <summary>A charsmap with the given rules: a double array laid out one byte at a time, with room for all labels.</summary>
    public static byte[] CharsMap(params (string From, string To)[] rules)
    {
        var root = new Node();
        var values = new List<byte>();
        foreach (var (from, to) in rules)
        {
            var node = root;
            foreach (var label in Encoding.UTF8.GetBytes(from))
            {
                if (!node.Next.TryGetValue(label, out var next)) node.Next[label] = next = new Node();
                node = next;
            }
            node.Value = values.Count;
            values.AddRange([.. Encoding.UTF8.GetBytes(to), 0]);
        }
        var units = new List<uint>(new uint[256]);
        Place(root, 0, 0, units);
        var bytes = new byte[4 + (4 * units.Count) + values.Count];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)(4 * units.Count));
        for (var i = 0; i < units.Count; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 + (4 * i)), units[i]);
        values.CopyTo(bytes, 4 + (4 * units.Count));
        return bytes;
    }

    // The children of a node stand in a block of 256 units of their own, at block ^ label; the leaf at label 0.
    private static void Place(Node node, int at, uint label, List<uint> units)
    {
        var block = units.Count;
        units.AddRange(new uint[256]);
        var offset = (uint)(at ^ block);
        Assert.True(offset < 1 << 21, "the test's trie is too large for its plain layout");
        units[at] = label | (node.Value >= 0 ? 0x100u : 0) | (offset << 10);
        if (node.Value >= 0) units[block] = 0x8000_0000 | (uint)node.Value;
        foreach (var (next, child) in node.Next) Place(child, block ^ next, next, units);
    }

    private static byte[] Varint(uint value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private sealed class Node
    {
        public Dictionary<byte, Node> Next { get; } = [];

        public int Value { get; set; } = -1;
    }
}
