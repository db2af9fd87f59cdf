namespace Interp.Circuits.Patching.Engine;

/// <summary>The hooks that the row engine can patch, in the order in which they fire in a layer.</summary>
internal enum PatchKind
{
    ResidPre,
    Query,
    Key,
    Value,
    Scores,
    Pattern,
    Z,
    AttnOut,
    ResidMid,
    MlpIn,
    MlpOut,
    ResidPost,
}
