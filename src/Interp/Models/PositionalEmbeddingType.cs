namespace Interp.Models;

/// <summary>How a model knows where a token stands.</summary>
public enum PositionalEmbeddingType
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A learned vector a position, added to the token's embedding.</summary>
    Standard,

    /// <summary>A learned vector a position, added to what queries and keys read but not to the stream (Press et al. 2020).</summary>
    Shortformer,

    /// <summary>Scores lowered in proportion to the distance, by a slope of each head's own (ALiBi, Press et al. 2021).</summary>
    Alibi,

    /// <summary>Queries and keys turned by an angle that grows with the position (Su et al. 2021).</summary>
    Rotary,
}
