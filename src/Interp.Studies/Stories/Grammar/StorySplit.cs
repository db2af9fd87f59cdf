namespace Interp.Studies.Stories.Grammar;

/// <summary>Which pairs of people may meet in a story.</summary>
public enum StorySplit
{
    /// <summary>All but the held-out pairs.</summary>
    Training,

    /// <summary>Only the held-out pairs.</summary>
    HeldOut,
}
