using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Interp.Tokenizers.PreTokenizers;

/// <summary>
/// Cuts at the matches of a regular expression: the setting <c>Split</c> (and <c>invert</c>: the matches are the
/// pieces, what lies between is the delimiter).
/// </summary>
/// <remarks>
/// Tokenizer files are written for engines that see code points; .NET's sees UTF-16 units. So the text is matched
/// through a shadow in which every character beyond U+FFFF is one unit: a stand-in of the same general category
/// (<see cref="AstralStandIns"/>). Patterns for which that is not exact are refused by <see cref="RegexPattern"/>.
/// </remarks>
internal sealed class RegexStep : PreTokenizer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Regex regex;
    private readonly SplitBehavior behavior;
    private readonly bool invert;

    /// <exception cref="ArgumentException">The pattern, already in .NET's syntax, is not valid.</exception>
    public RegexStep(string pattern, SplitBehavior behavior, bool invert)
    {
        regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled, Patience);
        (this.behavior, this.invert) = (behavior, invert);
    }

    public override void Split(ReadOnlySpan<char> text, IPieceSink next)
    {
        if (text.IsEmpty) return;
        try
        {
            if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0) Cut(text, text, default, next);
            else CutThroughShadow(text, next);
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new TokenizerException(
                $"encode: the pattern {regex} took over {Patience.TotalSeconds:0} s on one match of this text", error);
        }
    }

    private void CutThroughShadow(ReadOnlySpan<char> text, IPieceSink next)
    {
        var shadow = ArrayPool<char>.Shared.Rent(text.Length);
        var ends = ArrayPool<int>.Shared.Rent(text.Length + 1);      // shadow index to text index
        var (count, at) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            shadow[count] = rune.IsBmp ? (char)rune.Value : AstralStandIns.For(rune);
            ends[count++] = at;
            at += rune.Utf16SequenceLength;
        }
        ends[count] = at;
        Cut(text, shadow.AsSpan(0, count), ends, next);
        ArrayPool<char>.Shared.Return(shadow);
        ArrayPool<int>.Shared.Return(ends);
    }

    private void Cut(ReadOnlySpan<char> text, ReadOnlySpan<char> matched, ReadOnlySpan<int> ends, IPieceSink next)
    {
        var cutter = new PieceCutter(text, behavior, next);
        var start = 0;
        foreach (var match in regex.EnumerateMatches(matched))
        {
            if (match.Index > start) cutter.Part(At(ends, match.Index), isMatch: invert);
            start = match.Index + match.Length;
            cutter.Part(At(ends, start), isMatch: !invert);
        }
        if (start < matched.Length) cutter.Part(text.Length, isMatch: invert);
        cutter.Flush();
    }

    private static int At(ReadOnlySpan<int> ends, int index) => ends.IsEmpty ? index : ends[index];
}
