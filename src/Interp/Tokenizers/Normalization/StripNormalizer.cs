namespace Interp.Tokenizers.Normalization;

/// <summary>Takes white space off the ends of the text.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override void Apply(TrackedText source, TrackedText output)
    {
        var text = source.Span;
        var (from, to) = (0, text.Length);
        while (left && from < to && char.IsWhiteSpace(text[from])) from++;
        while (right && to > from && char.IsWhiteSpace(text[to - 1])) to--;
        output.Copy(source, from, to);
    }
}
