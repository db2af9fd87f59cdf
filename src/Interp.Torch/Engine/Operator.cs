using System.Collections.Concurrent;

namespace Interp.Torch.Engine;

/// <summary>An ATen operator, found by its schema name when it is first called.</summary>
/// <remarks>
/// All 2,000 operators of ATen are reached through this one door, also those that <see cref="torch"/> does not name:
/// <code>
/// var erf = Operator.Get("aten::special_erfcx").Call(x);
/// </code>
/// </remarks>
/// <param name="name">The schema name with its overload, for example <c>aten::add.Tensor</c>.</param>
public sealed class Operator(string name)
{
    private static readonly ConcurrentDictionary<string, Operator> Known = new();
    private nint handle;
    private bool? exists;

    /// <summary>The schema name.</summary>
    public string Name { get; } = name;

    /// <summary>Whether the libtorch in use has this operator.</summary>
    public bool Exists => exists ??= torch.Engine.HasOperator(Name);

    private nint Handle => handle != 0 ? handle : handle = torch.Engine.FindOperator(Name);

    /// <summary>The operator of a name; the same object every time.</summary>
    public static Operator Get(string name) => Known.GetOrAdd(name, static n => new Operator(n));

    /// <summary>Calls an operator that returns one tensor. Trailing arguments take the schema's defaults.</summary>
    public Tensor Call(params ReadOnlySpan<Arg> args) => new(torch.Engine.Call(Handle, args));

    /// <summary>Calls an in-place operator; its result is the argument itself and is not wrapped again.</summary>
    public void CallInPlace(params ReadOnlySpan<Arg> args) => torch.Engine.Release(torch.Engine.Call(Handle, args));

    /// <summary>Calls an operator that returns a list of tensors.</summary>
    public Tensor[] CallList(params ReadOnlySpan<Arg> args) =>
        Array.ConvertAll((nint[])torch.Engine.CallMany(Handle, args)[0]!, Wrap);

    /// <summary>Calls an operator that returns two tensors.</summary>
    public (Tensor, Tensor) CallPair(params ReadOnlySpan<Arg> args)
    {
        var results = torch.Engine.CallMany(Handle, args);
        return (Wrap((nint)results[0]!), Wrap((nint)results[1]!));
    }

    /// <summary>Calls an operator that returns three tensors; an absent one has no elements.</summary>
    public (Tensor, Tensor, Tensor) CallTriple(params ReadOnlySpan<Arg> args)
    {
        var results = torch.Engine.CallMany(Handle, args);
        return (Wrap((nint)results[0]!), Wrap((nint)results[1]!), Wrap((nint)results[2]!));
    }

    /// <summary>Calls an operator that returns any number of tensors; absent ones are null.</summary>
    public Tensor?[] CallTensors(params ReadOnlySpan<Arg> args) =>
        Array.ConvertAll(torch.Engine.CallMany(Handle, args), result => result is nint handle ? Wrap(handle) : null);

    /// <summary>Calls an operator that returns a plain value: a number, a bool or nothing.</summary>
    public object? CallValue(params ReadOnlySpan<Arg> args)
    {
        var results = torch.Engine.CallMany(Handle, args);
        return results.Length == 0 ? null : results[0];
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static Tensor Wrap(nint handle) => new(handle);
}
