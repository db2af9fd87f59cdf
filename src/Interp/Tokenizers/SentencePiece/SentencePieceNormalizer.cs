using System.Text;
using Interp.Tokenizers.Models;
using Interp.Tokenizers.Normalization;

namespace Interp.Tokenizers.SentencePiece;

/// <summary>
/// The normalizer of a SentencePiece model (<c>normalizer.cc</c>): at each place the longest rule of the
/// <see cref="CharsMap"/>, runs of spaces squeezed and the ends trimmed where asked, one space in front, spaces as
/// <c>▁</c>. Pieces that the trainer's user defined pass unchanged.
/// </summary>
internal sealed class SentencePieceNormalizer(
    CharsMap? map, PieceTrie? userDefined, bool addsSpace, bool spaceGoesLast, bool squeezes, bool escapes) : Normalizer
{
    private const int LookAhead = 64;       // rules are a few characters long

    private readonly string space = escapes ? "▁" : " ";

    public override void Apply(TrackedText source, TrackedText output)
    {
        var text = source.Span;
        var at = 0;
        while (squeezes && at < text.Length && Next(text, at, out var used) is " ") at += used;
        if (at == text.Length) return;
        if (addsSpace && !spaceGoesLast) output.Append(space, source, at, at);
        var afterSpace = squeezes;
        while (at < text.Length)
        {
            var changed = Next(text, at, out var used);
            ReadOnlySpan<char> part = changed ?? text.Slice(at, used);
            while (afterSpace && part is [' ', ..]) part = part[1..];
            if (!part.IsEmpty)
            {
                Add(part, changed is not null, source, at, at + used, output);
                afterSpace = part[^1] == ' ';
            }
            afterSpace &= squeezes;
            at += used;
        }
        while (squeezes && output.Length > 0 && output.Span[^1] == space[0]) output.Cut(output.Length - 1);
        if (addsSpace && spaceGoesLast) output.Append(space, source, text.Length, text.Length);
    }

    private void Add(ReadOnlySpan<char> part, bool changed, TrackedText source, int from, int to, TrackedText output)
    {
        if (escapes && part.Contains(' ')) output.Append(part.ToString().Replace(' ', '▁'), source, from, to);
        else if (changed || part.Length != to - from) output.Append(part, source, from, to);
        else output.Copy(source, from, to);
    }

    // What the place begins with becomes: null for itself, of length `used`.
    private string? Next(ReadOnlySpan<char> text, int at, out int used)
    {
        used = UserDefinedAt(text, at);
        if (used > 0) return text.Slice(at, used) is " " ? " " : null;
        if (map is not null && FindRule(text[at..], out used) is { } changed) return changed;
        used = char.IsHighSurrogate(text[at]) ? 2 : 1;
        return text[at] == ' ' ? " " : null;
    }

    private int UserDefinedAt(ReadOnlySpan<char> text, int at)
    {
        var longest = 0;
        for (int node = 0, end = at; userDefined is not null && end < text.Length;)
        {
            if ((node = userDefined.Step(node, text[end++])) < 0) break;
            if (userDefined.TokenAt(node) >= 0) longest = end - at;
        }
        return longest;
    }

    private string? FindRule(ReadOnlySpan<char> rest, out int used)
    {
        Span<byte> utf8 = stackalloc byte[3 * LookAhead];
        var end = Math.Min(rest.Length, LookAhead);
        if (end < rest.Length && char.IsHighSurrogate(rest[end - 1])) end--;
        var bytes = utf8[..Encoding.UTF8.GetBytes(rest[..end], utf8)];
        used = 0;
        if (map!.Find(bytes, longest: true, out var length) is not { } changed) return null;
        used = Encoding.UTF8.GetCharCount(bytes[..length]);
        return changed;
    }
}
