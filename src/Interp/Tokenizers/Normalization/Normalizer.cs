namespace Interp.Tokenizers.Normalization;

/// <summary>One rewriting of the text before it is cut: lower case, composed letters, spaces as <c>▁</c>.</summary>
internal abstract class Normalizer
{
    /// <summary>Appends the rewritten source to an output that is empty.</summary>
    public abstract void Apply(TrackedText source, TrackedText output);

    public TrackedText Run(TrackedText source)
    {
        var output = new TrackedText(source.Tracked, source.Length + (source.Length / 8) + 8);
        Apply(source, output);
        return output;
    }

    public string Run(string text) => Run(TrackedText.From(text, 0, tracked: false)).ToString();
}
