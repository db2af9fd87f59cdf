namespace Interp.Notebooks.Labs;

/// <summary>Where an answer stands, by what was remembered of the last check.</summary>
public enum AnswerState
{
    /// <summary>Its gap is still there.</summary>
    NotYet,

    /// <summary>It was written or changed since it was last checked.</summary>
    NotChecked,

    /// <summary>As it stands, it did not pass its checks.</summary>
    Wrong,

    /// <summary>As it stands, it has passed its checks.</summary>
    Solved,
}
