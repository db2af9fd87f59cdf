namespace Interp.Tokenizers.Normalization;

/// <summary>
/// Unicode's canonical forms as a step of the pipeline. The text is cut before every character that no form joins to
/// what stands before it; each such cluster is normalized alone, which keeps track of where it came from.
/// </summary>
internal sealed class FormNormalizer : Normalizer
{
    private readonly Func<string, string> form;

    private FormNormalizer(Func<string, string> form) => this.form = form;

    /// <summary>Form C: letters and accents as one character where there is one.</summary>
    public static FormNormalizer Composed { get; } = new(Nfc.Normalize);

    /// <summary>Form D: letters and accents apart, marks sorted.</summary>
    public static FormNormalizer Decomposed { get; } = new(Nfc.Decompose);

    public override void Apply(TrackedText source, TrackedText output)
    {
        var text = source.Span;
        for (var at = 0; at < text.Length;)
        {
            // Plain stretches stay; a mark after them takes the last plain character along.
            var plain = text[at..].IndexOfAnyExceptInRange('\0', '\u00BF');
            var stop = plain < 0 ? text.Length : Math.Max(at, at + plain - 1);
            output.Copy(source, at, stop);
            if ((at = stop) == text.Length) break;
            var end = ClusterEnd(text, at);
            var cluster = new string(text[at..end]);
            var changed = form(cluster);
            if (changed == cluster) output.Copy(source, at, end);
            else output.Append(changed, source, at, end);
            at = end;
        }
    }

    private static int ClusterEnd(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        do end += char.IsHighSurrogate(text[end]) ? 2 : 1;
        while (end < text.Length && Nfc.MayJoin(text[end..]));
        return end;
    }
}
