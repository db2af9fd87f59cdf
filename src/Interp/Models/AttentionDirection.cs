namespace Interp.Models;

/// <summary>Which positions a query sees.</summary>
public enum AttentionDirection
{
    /// <summary>Itself and earlier ones.</summary>
    Causal,

    /// <summary>All.</summary>
    Bidirectional,
}
