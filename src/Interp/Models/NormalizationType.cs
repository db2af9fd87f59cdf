namespace Interp.Models;

/// <summary>What stands before attention, MLP and unembedding.</summary>
public enum NormalizationType
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>LayerNorm: (x − mean) / √(variance + eps) · w + b (Ba et al. 2016).</summary>
    LN,

    /// <summary>LayerNorm whose w and b were folded into the weights that follow.</summary>
    LNPre,

    /// <summary>RMSNorm: x / √(mean x² + eps) · w (Zhang and Sennrich 2019).</summary>
    RMS,

    /// <summary>RMSNorm whose w was folded into the weights that follow.</summary>
    RMSPre,
}
