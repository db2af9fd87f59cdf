using System.Buffers.Binary;

namespace Interp.Tokenizers;

/// <summary>
/// Reads llama2.c's tokenizer file, little-endian: <c>max_token_length</c> (int32), then for each id a score (float32),
/// a length (int32) and that many bytes. The number of ids is not in the file; it ends where the bytes end.
/// </summary>
internal static class Llama2cFile
{
    /// <summary>SentencePiece's pieces are a few dozen bytes at most; a longer claim is damage.</summary>
    private const int LongestAllowed = 512;

    public static IReadOnlyList<(float Score, byte[] Piece)> Read(string path, byte[] bytes, int? expected)
    {
        var longest = bytes.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : -1;
        if (longest is < 1 or > LongestAllowed)
            throw new TokenizerFormatException($"{path}: the longest piece is said to have {longest} bytes; "
                + $"allowed are 1 to {LongestAllowed} (is this a llama2.c tokenizer?)");

        var entries = new List<(float, byte[])>();
        for (var at = 4; at < bytes.Length;)
        {
            if (bytes.Length - at < 8) throw Cut(path, entries.Count, at);
            var score = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at));
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
            if (float.IsNaN(score))
                throw new TokenizerFormatException($"{path}: the score of piece {entries.Count} is not a number");
            if (length < 1 || length > longest)
                throw new TokenizerFormatException(
                    $"{path}: piece {entries.Count} is said to have {length} bytes; allowed are 1 to {longest}");
            at += 8;
            if (length > bytes.Length - at) throw Cut(path, entries.Count, at);
            entries.Add((score, bytes[at..(at + length)]));
            at += length;
        }
        if (expected is { } count && count != entries.Count)
            throw new TokenizerFormatException($"{path}: has {entries.Count} pieces; the model needs {count}");
        return entries;
    }

    private static TokenizerFormatException Cut(string path, int piece, int at) =>
        new($"{path}: ends in the middle of piece {piece} (byte {at})");
}
