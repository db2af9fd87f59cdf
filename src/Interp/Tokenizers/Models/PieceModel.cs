namespace Interp.Tokenizers.Models;

/// <summary>The middle of the pipeline: what turns one piece of text into tokens.</summary>
internal abstract class PieceModel(Vocabulary vocabulary)
{
    /// <summary>In words for a person.</summary>
    public abstract string Kind { get; }

    public Vocabulary Vocabulary => vocabulary;

    /// <summary>The token for unknown text, or null.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Working memory for one call at a time.</summary>
    public abstract PieceEncoder NewEncoder();
}
