namespace Interp.Tokenizers.Decoders;

/// <summary>One step from the spellings of tokens back to text; steps are chained, and the end is joined.</summary>
internal abstract class Decoder
{
    /// <summary>Rewrites the tokens, in place or as a new list.</summary>
    public abstract List<string> Apply(List<string> tokens);
}
