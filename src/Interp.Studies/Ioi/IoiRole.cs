namespace Interp.Studies.Ioi;

/// <summary>The kinds of heads of Wang et al. 2022, by where they look and what that does.</summary>
public enum IoiRole
{
    /// <summary>Looks from END at IO, copies it, and writes the answer directly.</summary>
    NameMover,

    /// <summary>Looks from END at a name, writes its opposite, and so speaks against the answer.</summary>
    NegativeNameMover,

    /// <summary>Looks from END at S2, and tells name movers' queries to leave S alone.</summary>
    SInhibition,

    /// <summary>Looks from S2 at what followed S1.</summary>
    Induction,

    /// <summary>Looks from S2 at S1.</summary>
    DuplicateToken,

    /// <summary>Looks from what follows S1 at S1.</summary>
    PreviousToken,
}
