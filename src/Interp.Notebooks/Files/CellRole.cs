namespace Interp.Notebooks.Files;

/// <summary>What a cell is for in a notebook with exercises: the key <c>role</c> of its metadata <c>interp</c>.</summary>
public enum CellRole
{
    /// <summary>No part of an exercise.</summary>
    None,

    /// <summary>Code for the student to complete; its solution is in a file of its own.</summary>
    Exercise,

    /// <summary>Code that checks an exercise.</summary>
    Check,

    /// <summary>A hint that unfolds.</summary>
    Hint,

    /// <summary>A solution inside the notebook: what a filled-in exercise becomes.</summary>
    Solution,
}
