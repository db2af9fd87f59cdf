using System.Runtime.InteropServices;
using Interp.Tensors.Native;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>An operator of libtorch, called by its schema name.</summary>
/// <remarks>
/// Problem: TorchSharp names most of libtorch's 2,000 operators, not all of them nor all their arguments. Idea: libtorch
/// calls any operator by its name, with the arguments on a stack; autograd records through it.
/// <code>
/// // aten::scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> Tensor
/// var sums = new Operator("aten::scatter_reduce", "two").Call(x, 0L, index, source, "sum", true);
/// </code>
/// Every argument of the schema must be given, in order and of its kind; see <see cref="OperatorArgument"/>. Errors inside
/// libtorch carry no text (it goes to stderr): check shapes first.
/// </remarks>
/// <param name="name">The schema's name, for example <c>aten::scatter_reduce</c>.</param>
/// <param name="overload">The part behind the dot, or nothing.</param>
public sealed class Operator(string name, string overload = "")
{
    /// <summary>The schema's name with its overload.</summary>
    public string Name { get; } = overload.Length == 0 ? name : $"{name}.{overload}";

    /// <summary>Calls an operator that returns one tensor.</summary>
    /// <exception cref="ExternalException">libtorch refuses the arguments.</exception>
    public Tensor Call(params ReadOnlySpan<OperatorArgument> arguments)
    {
        Span<ulong> results = stackalloc ulong[1];
        Run(arguments, results);
        return Wrap(results[0]);
    }

    /// <summary>Calls an operator that returns several tensors.</summary>
    /// <param name="count">How many.</param>
    /// <param name="arguments">All arguments of the schema.</param>
    /// <exception cref="ExternalException">libtorch refuses the arguments.</exception>
    public Tensor[] CallMany(int count, params ReadOnlySpan<OperatorArgument> arguments)
    {
        Span<ulong> results = stackalloc ulong[count];
        Run(arguments, results);
        var tensors = new Tensor[count];
        for (var k = 0; k < count; k++) tensors[k] = Wrap(results[k]);
        return tensors;
    }

    /// <summary>Calls an operator that returns a list of tensors.</summary>
    /// <exception cref="ExternalException">libtorch refuses the arguments.</exception>
    public Tensor[] CallList(params ReadOnlySpan<OperatorArgument> arguments)
    {
        Span<ulong> results = stackalloc ulong[1];
        Run(arguments, results);
        var list = (nint)results[0];
        StableInterface.Check(StableInterface.Size(list, out var size), Name);
        var tensors = new Tensor[size];
        for (nuint k = 0; k < size; k++)
        {
            StableInterface.Check(StableInterface.Item(list, k, out var element), Name);
            tensors[k] = Wrap(element);
        }
        StableInterface.Check(StableInterface.DeleteList(list), Name);
        return tensors;
    }

    /// <summary>Calls an operator that changes its arguments and returns nothing.</summary>
    /// <exception cref="ExternalException">libtorch refuses the arguments.</exception>
    public void Do(params ReadOnlySpan<OperatorArgument> arguments) => Run(arguments, []);

    /// <summary>Calls an operator that changes its first argument and returns it; the argument itself is what to go on with.</summary>
    /// <exception cref="ExternalException">libtorch refuses the arguments.</exception>
    public void InPlace(params ReadOnlySpan<OperatorArgument> arguments)
    {
        Span<ulong> results = stackalloc ulong[1];
        Run(arguments, results);
        StableInterface.Check(StableInterface.DeleteTensor((nint)results[0]), Name);
    }

    /// <summary>Calls an operator that returns a bool.</summary>
    /// <exception cref="ExternalException">libtorch refuses the arguments.</exception>
    public bool Ask(params ReadOnlySpan<OperatorArgument> arguments)
    {
        Span<ulong> results = stackalloc ulong[1];
        Run(arguments, results);
        return (results[0] & 1) != 0;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The results take the place of the arguments on the stack, from its start.</summary>
    private unsafe void Run(ReadOnlySpan<OperatorArgument> arguments, Span<ulong> results)
    {
        Span<ulong> stack = stackalloc ulong[Math.Max(arguments.Length, results.Length)];
        for (var k = 0; k < arguments.Length; k++) stack[k] = arguments[k].ToStack();
        int code;
        fixed (ulong* start = stack) code = StableInterface.Call(name, overload, start, StableInterface.Version);
        if (code != 0) throw new TorchException($"{Name}: libtorch refuses the arguments; its message is on stderr");
        stack[..results.Length].CopyTo(results);
    }

    private static Tensor Wrap(ulong handle) => Tensor.UnsafeCreateTensor((nint)handle);
}
