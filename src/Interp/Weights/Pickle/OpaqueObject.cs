namespace Interp.Weights;

/// <summary>
/// A Python object that a file describes and this reader does not build: its class, the arguments of its constructor
/// and its state, as data. The fields of a configuration class, for instance, are in <see cref="State"/>.
/// </summary>
public sealed class OpaqueObject
{
    internal OpaqueObject(PickledGlobal type, object? arguments)
    {
        Type = type;
        Arguments = arguments;
    }

    /// <summary>The class or function that Python would have called.</summary>
    public PickledGlobal Type { get; }

    /// <summary>The arguments it would have been called with, mostly a tuple.</summary>
    public object? Arguments { get; }

    /// <summary>The state it would have been given, mostly a dict of its fields; null where there is none.</summary>
    public object? State { get; internal set; }

    /// <summary>
    /// The elements it would have been filled with, as a list or dict type; null where there are none.
    /// </summary>
    public object? Items { get; internal set; }

    /// <summary>The type: <c>__main__.Config</c>.</summary>
    public override string ToString() => Type.ToString();
}
