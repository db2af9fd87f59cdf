using System.Text;

namespace Interp.Tokenizers.PreTokenizers;

/// <summary>
/// Turns a pattern of a tokenizer file (written for Oniguruma or Rust's regex) into .NET's syntax, and refuses what
/// would mean something else there.
/// </summary>
/// <remarks>
/// The same in all three: literals, groups, <c>(?i:…)</c>, look-ahead, <c>\s \S \d \D</c>, general categories
/// (<c>\p{L}</c>), greedy and lazy repetition. Different: a <c>[</c> inside a class starts a nested class there and is
/// a literal in .NET, so nested classes are flattened. Refused, because they differ or because .NET lacks them:
/// <c>\w</c>, <c>\b</c>, <c>&amp;&amp;</c>, scripts (<c>\p{Han}</c>), anchors, characters beyond U+FFFF.
/// </remarks>
internal static class RegexPattern
{
    private const string SafeEscapes = "sSdDrntfv\\.[](){}*+?|^$/-'\"#&!,:;<>=@`~% ";

    private static readonly HashSet<string> Categories =
    [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cn",
    ];

    /// <exception cref="FormatException">The pattern uses something that .NET reads differently.</exception>
    public static string ToDotNet(string pattern)
    {
        var output = new StringBuilder(pattern.Length + 8);
        var repeated = false;       // what comes before is already a repetition
        for (var i = 0; i < pattern.Length;)
        {
            var c = pattern[i];
            if (c is '^' or '$') throw Refused("an anchor", pattern, i);
            if (c == '+' && repeated) throw Refused("a possessive +", pattern, i);
            if (pattern.AsSpan(i).StartsWith("{,")) throw Refused("a repetition without its lower bound", pattern, i);
            if (c == '(') CheckGroup(pattern, i);
            repeated = c is '+' or '*' or '}' || (c == '?' && i > 0 && pattern[i - 1] != '(');
            if (c == '[') i = CopyClass(pattern, i, output, nested: false);
            else if (c == '\\') i = CopyEscape(pattern, i, output);
            else output.Append(Literal(pattern, i++));
        }
        return output.ToString();
    }

    // Of the (?…) forms: plain, ignore case, look-ahead and look-behind.
    private static void CheckGroup(string pattern, int i)
    {
        var inside = pattern.AsSpan(i + 1);
        if (!inside.StartsWith("?") || inside.StartsWith("?:") || inside.StartsWith("?i:") || inside.StartsWith("?i)")
            || inside.StartsWith("?!") || inside.StartsWith("?=") || inside.StartsWith("?<!")
            || inside.StartsWith("?<="))
            return;
        throw Refused("a group of a special kind", pattern, i);
    }

    // Copies the class that starts at '[' and returns where it ends.
    private static int CopyClass(string pattern, int start, StringBuilder output, bool nested)
    {
        var i = start + 1;
        if (nested && output[^1] == '-') throw Refused("a class after a -", pattern, start);
        if (!nested) output.Append('[');
        if (i < pattern.Length && pattern[i] == '^')
        {
            if (nested) throw Refused("a negated class inside a class", pattern, start);
            output.Append(pattern[i++]);
        }
        for (var first = true; i < pattern.Length; first = false)
        {
            if (pattern[i] == ']' && !first)
            {
                if (!nested) output.Append(']');
                return i + 1;
            }
            i = CopyMember(pattern, i, output);
        }
        throw Refused("a class without its ]", pattern, start);
    }

    private static int CopyMember(string pattern, int i, StringBuilder output)
    {
        if (pattern.AsSpan(i).StartsWith("[:")) throw Refused("a POSIX class", pattern, i);
        if (pattern.AsSpan(i).StartsWith("&&")) throw Refused("an intersection of classes", pattern, i);
        if (pattern[i] == '[') return CopyClass(pattern, i, output, nested: true);
        if (pattern[i] == '\\') return CopyEscape(pattern, i, output);
        var from = Literal(pattern, i);
        if (i + 2 < pattern.Length && pattern[i + 1] == '-' && pattern[i + 2] is not (']' or '[' or '\\')
            && AstralStandIns.AnyWithin(from, Literal(pattern, i + 2)))
            throw Refused("a range over the characters that stand for those beyond U+FFFF", pattern, i);
        output.Append(from);
        return i + 1;
    }

    private static int CopyEscape(string pattern, int i, StringBuilder output)
    {
        if (i + 1 >= pattern.Length) throw Refused("a \\ at its end", pattern, i);
        var kind = pattern[i + 1];
        if (kind is 'p' or 'P')
        {
            var close = pattern.IndexOf('}', i);
            if (close < i + 3 || pattern[i + 2] != '{' || !Categories.Contains(pattern[(i + 3)..close]))
                throw Refused("a character property that is not a general category", pattern, i);
            output.Append(pattern, i, close + 1 - i);
            return close + 1;
        }
        if (!SafeEscapes.Contains(kind)) throw Refused($"the escape \\{kind}", pattern, i);
        output.Append('\\').Append(kind);
        return i + 2;
    }

    private static char Literal(string pattern, int i)
    {
        var c = pattern[i];
        if (char.IsSurrogate(c)) throw Refused("a character beyond U+FFFF", pattern, i);
        return AstralStandIns.AnyWithin(c, c) ? throw Refused("a character kept for other uses", pattern, i) : c;
    }

    private static FormatException Refused(string what, string pattern, int at) =>
        new($"uses {what} at character {at}, which is not supported: {pattern}");
}
