using System.Text;

namespace Interp.Tokenizers.PreTokenizers;

/// <summary>Cuts at characters of a class: the settings <c>Digits</c> and <c>Punctuation</c>.</summary>
internal sealed class CharacterStep(Func<Rune, bool> isMatch, SplitBehavior behavior) : PreTokenizer
{
    /// <summary>Numeric characters (Unicode N), each alone or in runs.</summary>
    public static CharacterStep Digits(bool individual) =>
        new(Rune.IsNumber, individual ? SplitBehavior.Isolated : SplitBehavior.Contiguous);

    /// <summary>ASCII punctuation, symbols among it, and Unicode P.</summary>
    public static CharacterStep Punctuation(SplitBehavior behavior) =>
        new(rune => rune.IsAscii ? char.IsPunctuation((char)rune.Value) || char.IsSymbol((char)rune.Value)
                                 : Rune.IsPunctuation(rune), behavior);

    /// <summary>White space (Unicode White_Space), which vanishes.</summary>
    public static CharacterStep WhiteSpace { get; } = new(Rune.IsWhiteSpace, SplitBehavior.Removed);

    public override void Split(ReadOnlySpan<char> text, IPieceSink next)
    {
        var cutter = new PieceCutter(text, behavior, next);
        var (start, at) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (isMatch(rune))
            {
                if (at > start) cutter.Part(at, isMatch: false);
                start = at + rune.Utf16SequenceLength;
                cutter.Part(start, isMatch: true);
            }
            at += rune.Utf16SequenceLength;
        }
        if (at > start) cutter.Part(at, isMatch: false);
        cutter.Flush();
    }
}
