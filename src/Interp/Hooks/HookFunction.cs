using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

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
    /// <summary>
    /// Whether the function is for the gradient at the point, called when <c>backward</c> comes by, instead of for the
    /// value. <value>false</value>
    /// </summary>
    public bool OnGradient { get; init; }

    /// <summary>A hook that looks at, or replaces, the gradient at a point.</summary>
    /// <remarks>
    /// It needs a run with gradients on. Where no weight requires gradients, the first point with such a hook is where
    /// the graph begins.
    /// </remarks>
    public static Hook Gradient(string name, HookFunction function) => new(name, function)
    {
        OnGradient = true,
    };

    /// <summary>So that a hook can be written as a pair.</summary>
    public static implicit operator Hook((string Name, HookFunction Function) pair) => new(pair.Name, pair.Function);
}
