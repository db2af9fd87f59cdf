namespace Interp.Circuits.Linear;

/// <summary>Whose singular vectors are looked at.</summary>
public enum SingularVectorKind
{
    /// <summary>What a head writes: right singular vectors of W_V W_O.</summary>
    OV,

    /// <summary>
    /// What the neurons of an MLP read: right singular vectors of W_inᵀ, with the norm's weight where it is not folded.
    /// </summary>
    WIn,

    /// <summary>What the neurons of an MLP write: right singular vectors of W_out.</summary>
    WOut,
}
