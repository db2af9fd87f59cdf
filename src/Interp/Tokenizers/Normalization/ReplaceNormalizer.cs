using System.Text.RegularExpressions;

namespace Interp.Tokenizers.Normalization;

/// <summary>Replaces every occurrence of a string, or every match of a simple pattern.</summary>
internal sealed class ReplaceNormalizer : Normalizer
{
    private readonly string literal = "";
    private readonly Regex? regex;
    private readonly string content;

    /// <param name="literal">Not empty.</param>
    /// <param name="content">What comes in its place.</param>
    public ReplaceNormalizer(string literal, string content) => (this.literal, this.content) = (literal, content);

    /// <inheritdoc cref="ReplaceNormalizer(string, string)"/>
    public ReplaceNormalizer(Regex regex, string content) => (this.regex, this.content) = (regex, content);

    public override void Apply(TrackedText source, TrackedText output)
    {
        var text = source.Span;
        var done = 0;
        while (regex is null && done < text.Length && text[done..].IndexOf(literal, StringComparison.Ordinal) is >= 0 and var at)
            Replace(ref done, done + at, literal.Length);
        if (regex is not null)
            foreach (var match in regex.EnumerateMatches(text)) Replace(ref done, match.Index, match.Length);
        output.Copy(source, done, text.Length);

        void Replace(ref int done, int at, int length)
        {
            output.Copy(source, done, at);
            output.Append(content, source, at, at + length);
            done = at + length;
        }
    }
}
