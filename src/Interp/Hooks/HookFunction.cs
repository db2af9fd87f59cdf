using Interp.Torch;

namespace Interp.Hooks;

/// <summary>
/// Looks at, or replaces, the value at a hook point.
/// </summary>
/// <param name="value">The value; it may be changed in place.</param>
/// <param name="hook">The point that fires.</param>
/// <returns>
/// The value to go on with, of the same shape, type and device; null to go on with the one given (also when it was
/// changed in place).
/// </returns>
public delegate Tensor? HookFunction(Tensor value, HookPoint hook);

/// <summary>A function and the names of the points it is for.</summary>
/// <param name="Name">A hook name, or a pattern with <c>*</c> that stands for any part of a name.</param>
/// <param name="Function">What to call.</param>
public readonly record struct Hook(string Name, HookFunction Function)
{
    /// <summary>So that a hook can be written as a pair.</summary>
    public static implicit operator Hook((string Name, HookFunction Function) pair) => new(pair.Name, pair.Function);
}
