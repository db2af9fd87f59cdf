namespace Interp.Models;

/// <summary>How far back the queries of a layer see.</summary>
public enum AttentionReach
{
    /// <summary>To the first token.</summary>
    Global,

    /// <summary>Over the last <see cref="HookedTransformerConfig.WindowSize"/> tokens, the query's own included.</summary>
    Local,
}
