namespace Interp.Tokenizers.Normalization;

/// <summary>Several normalizers, one after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<Normalizer> steps) : Normalizer
{
    public override void Apply(TrackedText source, TrackedText output)
    {
        foreach (var step in steps) source = step.Run(source);
        output.Copy(source, 0, source.Length);
    }
}
