namespace Interp.Notebooks.Labs;

/// <summary>What a part of a working copy is.</summary>
public enum LabSectionKind
{
    /// <summary>Code of the lab, which later parts need.</summary>
    Given,

    /// <summary>An exercise, solved or not.</summary>
    Exercise,

    /// <summary>What its owner added.</summary>
    Own,
}
