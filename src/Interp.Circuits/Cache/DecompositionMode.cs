namespace Interp.Circuits.Cache;

/// <summary>Which layers' outputs a decomposition lists.</summary>
public enum DecompositionMode
{
    /// <summary>Attention and MLPs.</summary>
    All,

    /// <summary>Attention only.</summary>
    Attn,

    /// <summary>MLPs only.</summary>
    Mlp,
}
