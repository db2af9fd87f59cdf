namespace Interp.Weights;

/// <summary>The Python type of a <see cref="PickledSequence"/>.</summary>
public enum PickledSequenceKind
{
    /// <summary>A list.</summary>
    List,

    /// <summary>A tuple, or a <c>torch.Size</c>.</summary>
    Tuple,

    /// <summary>A set or frozenset, in the order of the file.</summary>
    Set,
}
