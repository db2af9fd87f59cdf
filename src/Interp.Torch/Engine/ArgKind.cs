namespace Interp.Torch.Engine;

/// <summary>What an operator's argument or result is. Values are the tags of the native bridge.</summary>
public enum ArgKind
{
    /// <summary>The default of the operator's schema.</summary>
    Default = 0,

    /// <summary>An absent optional value.</summary>
    None = 1,

    /// <summary>A tensor.</summary>
    Tensor = 2,

    /// <summary>An integer; element types, layouts and memory formats are integers too.</summary>
    Int = 3,

    /// <summary>A float.</summary>
    Double = 4,

    /// <summary>A bool.</summary>
    Bool = 5,

    /// <summary>A string.</summary>
    String = 6,

    /// <summary>A list of integers.</summary>
    IntList = 7,

    /// <summary>A list of floats.</summary>
    DoubleList = 8,

    /// <summary>A list of tensors, some of which may be absent.</summary>
    TensorList = 9,

    /// <summary>A device.</summary>
    Device = 10,

    /// <summary>A random number generator.</summary>
    Generator = 11,

    /// <summary>A complex number.</summary>
    Complex = 12,
}
