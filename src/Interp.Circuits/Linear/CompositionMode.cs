namespace Interp.Circuits.Linear;

/// <summary>Through which input a later head reads what an earlier one wrote.</summary>
public enum CompositionMode
{
    /// <summary>Its queries.</summary>
    Q,

    /// <summary>Its keys.</summary>
    K,

    /// <summary>Its values.</summary>
    V,
}
