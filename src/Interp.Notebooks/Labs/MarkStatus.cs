namespace Interp.Notebooks.Labs;

/// <summary>What came of marking an answer.</summary>
public enum MarkStatus
{
    /// <summary>Every check passed.</summary>
    Passed,

    /// <summary>It is wrong, does not compile, threw an exception or took too long.</summary>
    Failed,

    /// <summary>Its gap is still there.</summary>
    NotSolved,
}
