namespace Interp.Tokenizers.Normalization;

/// <summary>Puts something before every text that is not empty: the <c>▁</c> of Llama.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    public override void Apply(TrackedText source, TrackedText output)
    {
        if (source.Length == 0) return;
        output.Append(prefix, source, 0, 0);
        output.Copy(source, 0, source.Length);
    }
}
