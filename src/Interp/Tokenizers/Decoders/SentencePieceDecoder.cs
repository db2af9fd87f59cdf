using System.Text;
using Interp.Tokenizers.Models;

namespace Interp.Tokenizers.Decoders;

/// <summary>
/// SentencePiece's own way back: marks vanish, the unknown token is <c>" ⁇ "</c>, bytes become characters, <c>▁</c> a
/// space, and the one space that encoding put in front goes.
/// </summary>
internal sealed class SentencePieceDecoder(
    IReadOnlySet<string> marks, string unknown, string unknownSurface, bool dropsFirstSpace, bool dropsAllFirstSpaces)
    : Decoder
{
    public override List<string> Apply(List<string> tokens)
    {
        var (text, bytes) = (new StringBuilder(), new List<byte>());
        var atStart = true;
        foreach (var token in tokens)
        {
            var value = ByteTokens.ByteOf(token);
            if (value >= 0)
            {
                bytes.Add((byte)value);
                atStart = false;
                continue;
            }
            Flush(bytes, text);
            if (marks.Contains(token)) continue;
            var piece = token == unknown ? unknownSurface : token;
            var dropped = atStart && dropsFirstSpace && piece is ['▁', ..];
            if (dropped) piece = piece[1..];
            text.Append(piece.Replace('▁', ' '));
            if (text.Length > 0 || (dropped && !dropsAllFirstSpaces)) atStart = false;
        }
        Flush(bytes, text);
        return [text.ToString()];
    }

    private static void Flush(List<byte> bytes, StringBuilder text)
    {
        text.Append(Encoding.UTF8.GetString([.. bytes]));
        bytes.Clear();
    }
}
