using System.Text;
using System.Text.Unicode;
using Interp.Tokenizers.Models;

namespace Interp.Tokenizers.Decoders;

/// <summary>
/// Runs of byte tokens back to the characters that they spell; a run that is not UTF-8 is one U+FFFD for each byte.
/// </summary>
internal sealed class ByteFallbackDecoder : Decoder
{
    public override List<string> Apply(List<string> tokens)
    {
        var (output, run) = (new List<string>(tokens.Count), new List<byte>());
        foreach (var token in tokens)
        {
            var value = ByteTokens.ByteOf(token);
            if (value >= 0)
            {
                run.Add((byte)value);
                continue;
            }
            Flush(run, output);
            output.Add(token);
        }
        Flush(run, output);
        return output;
    }

    private static void Flush(List<byte> run, List<string> output)
    {
        if (run.Count == 0) return;
        var bytes = run.ToArray();
        output.Add(Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : new string('\uFFFD', bytes.Length));
        run.Clear();
    }
}
