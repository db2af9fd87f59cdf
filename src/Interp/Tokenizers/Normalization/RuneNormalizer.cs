using System.Text;

namespace Interp.Tokenizers.Normalization;

/// <summary>A rewriting that looks at one character at a time: each stays, goes, or becomes other characters.</summary>
/// <param name="keepsAscii">Whether plain printable ASCII always stays, which saves asking.</param>
/// <param name="map">Null for a character that stays; else what it becomes.</param>
internal sealed class RuneNormalizer(bool keepsAscii, Func<Rune, string?> map) : Normalizer
{
    public override void Apply(TrackedText source, TrackedText output)
    {
        var text = source.Span;
        var kept = 0;           // text[kept..at) stays and is not yet copied
        for (var at = 0; at < text.Length;)
        {
            if (keepsAscii && text[at] is >= ' ' and <= '~')
            {
                at++;
                continue;
            }
            Rune.DecodeFromUtf16(text[at..], out var rune, out var used);
            if (map(rune) is { } changed)
            {
                output.Copy(source, kept, at);
                output.Append(changed, source, at, at + used);
                kept = at + used;
            }
            at += used;
        }
        output.Copy(source, kept, text.Length);
    }
}
