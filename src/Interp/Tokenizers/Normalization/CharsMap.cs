using System.Buffers.Binary;
using System.Text;

namespace Interp.Tokenizers.Normalization;

/// <summary>
/// SentencePiece's compiled normalization rules (<c>precompiled_charsmap</c>): a trie over UTF-8 whose values point
/// into a block of replacement strings.
/// </summary>
/// <remarks>
/// Layout, little-endian: the trie's size in bytes (uint32), the trie, the replacements, each ended by a zero byte.
/// The trie is a double array as darts-clone writes it, one uint32 a unit: bits 0–7 and 31 label, bit 8 "has a leaf",
/// bit 9 and 10–30 offset; a leaf's unit has bit 31 set and the value below it.
/// </remarks>
internal sealed class CharsMap
{
    private readonly uint[] units;
    private readonly byte[] replacements;

    private CharsMap(uint[] units, byte[] replacements) => (this.units, this.replacements) = (units, replacements);

    /// <param name="place">File and setting, for messages.</param>
    /// <param name="bytes">The whole block.</param>
    public static CharsMap Read(string place, ReadOnlySpan<byte> bytes)
    {
        var size = bytes.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
        if (size < 4 || size % 4 != 0 || size > bytes.Length - 4)
            throw new TokenizerFormatException(
                $"{place}: the trie is said to have {size} bytes of {bytes.Length}; the block is damaged");
        var units = new uint[size / 4];
        for (var i = 0; i < units.Length; i++) units[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + (4 * i))..]);
        return new CharsMap(units, bytes[(int)(4 + size)..].ToArray());
    }

    /// <summary>The replacement of the longest (or shortest) prefix that has one, or null.</summary>
    public string? Find(ReadOnlySpan<byte> utf8, bool longest, out int length)
    {
        length = 0;
        var value = -1;
        var node = Offset(units[0]);
        for (var i = 0; i < utf8.Length && (longest || value < 0); i++)
        {
            node ^= utf8[i];
            if (node >= units.Length || (units[node] & 0x8000_00FF) != utf8[i] || utf8[i] == 0) break;
            var unit = units[node];
            node ^= Offset(unit);
            if ((unit & 0x100) == 0 || node >= units.Length) continue;
            (value, length) = ((int)(units[node] & 0x7FFF_FFFF), i + 1);
        }
        if (value < 0 || value > replacements.Length) return null;
        var rest = replacements.AsSpan(value);
        var end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
