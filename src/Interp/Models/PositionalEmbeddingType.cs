namespace Interp.Models;

/// <summary>How a model knows where a token stands.</summary>
public enum PositionalEmbeddingType
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A learned vector a position, added to the token's embedding.</summary>
    Standard,

    /// <summary>Queries and keys turned by an angle that grows with the position (Su et al. 2021).</summary>
    Rotary,
}
