namespace Interp.Hub;

/// <summary>What went wrong between this program and the hub, for code that reacts to it.</summary>
public enum HubErrorKind
{
    /// <summary>A name, revision or file name that cannot be right.</summary>
    BadName,

    /// <summary>The hub has no such repository, revision or file.</summary>
    NotFound,

    /// <summary>The hub wants a token, or does not accept the one it was given.</summary>
    Unauthorized,

    /// <summary>The authors want their terms accepted first.</summary>
    Gated,

    /// <summary>Offline was asked for, and the cache does not hold what is needed.</summary>
    Offline,

    /// <summary>The hub cannot be reached, or stopped answering.</summary>
    Unreachable,

    /// <summary>The hub answered that it is busy or broken, again and again.</summary>
    Refused,

    /// <summary>The hub answered something that its protocol does not allow.</summary>
    BadAnswer,

    /// <summary>What arrived is not what the hub announced: another size or another hash.</summary>
    Corrupt,

    /// <summary>The disk has no room for the files.</summary>
    NoSpace,
}
