namespace Interp.Weights;

/// <summary>
/// A reference to a Python class or function by name. It is only a name: nothing is imported or called.
/// </summary>
/// <param name="Module">The module, such as <c>torch.nn.functional</c>.</param>
/// <param name="Name">The name in the module, such as <c>relu</c>.</param>
public sealed record PickledGlobal(string Module, string Name)
{
    /// <summary>Module and name.</summary>
    public override string ToString() => $"{Module}.{Name}";
}
