using System.Numerics;
using System.Text;

namespace Interp.Weights;

/// <summary>
/// The calls that a pickle may make. Each is a function of this reader that builds a tensor's description, a container
/// or a plain value from its arguments; a call of anything else is recorded, not made.
/// </summary>
internal static class PickleCalls
{
    private delegate object? Builder(PickleMachine machine, PickledGlobal function, PickledSequence arguments);

    private static readonly PickledSequence NoArguments = new(PickledSequenceKind.Tuple);

    private static readonly Dictionary<PickledGlobal, Builder> Allowed = new()
    {
        [new("torch._utils", "_rebuild_tensor")] = PickledTensorCalls.Rebuild,
        [new("torch._utils", "_rebuild_tensor_v2")] = PickledTensorCalls.Rebuild,
        [new("torch._utils", "_rebuild_tensor_v3")] = PickledTensorCalls.Rebuild,
        [new("torch._utils", "_rebuild_parameter")] = PickledTensorCalls.Parameter,
        [new("torch._utils", "_rebuild_parameter_with_state")] = PickledTensorCalls.Parameter,
        [new("torch._tensor", "_rebuild_from_type_v2")] = PickledTensorCalls.FromType,
        [new("torch", "Size")] = (machine, _, arguments) => Sequence(machine, arguments, PickledSequenceKind.Tuple),
        [new("torch", "device")] = Device,
        [new("collections", "OrderedDict")] = Dict,
        [new("builtins", "dict")] = Dict,
        [new("collections", "Counter")] = Dict,
        [new("collections", "defaultdict")] = (machine, function, _) => Dict(machine, function, NoArguments),
        [new("builtins", "list")] = (machine, _, arguments) => Sequence(machine, arguments, PickledSequenceKind.List),
        [new("builtins", "tuple")] = (machine, _, arguments) => Sequence(machine, arguments, PickledSequenceKind.Tuple),
        [new("builtins", "set")] = Set,
        [new("builtins", "frozenset")] = Set,
        [new("builtins", "bytes")] = Bytes,
        [new("builtins", "bytearray")] = Bytes,
        [new("builtins", "complex")] = ComplexNumber,
        [new("_codecs", "encode")] = Bytes,
        [new("numpy", "dtype")] = NumpyType,
        [new("numpy.core.multiarray", "scalar")] = NumpyScalar,
        [new("numpy._core.multiarray", "scalar")] = NumpyScalar,
        [new("copyreg", "_reconstructor")] = Reconstructor,
    };

    /// <summary>The result of an allowed call, or the record of another.</summary>
    public static object? Call(PickleMachine machine, PickledGlobal function, PickledSequence arguments) =>
        Allowed.TryGetValue(function, out var builder)
            ? builder(machine, function, arguments)
            : new OpaqueObject(function, arguments);

    /// <summary>The fault of an allowed call with arguments it does not take.</summary>
    public static WeightsFormatException Misused(PickleMachine machine, PickledGlobal function, string expected) =>
        machine.Fault($"it calls {function} with the wrong arguments", expected);

    private static PickledSequence Sequence(PickleMachine machine, PickledSequence arguments, PickledSequenceKind kind)
    {
        machine.Budget.Charge(64);
        if (arguments.Count == 0) return new PickledSequence(kind);
        if (arguments.Count > 1 || arguments[0] is not PickledSequence items)
            throw machine.Fault(
                $"it builds a {kind} from {PickleMachine.Shown(arguments[0])}", "one list, tuple or set");
        machine.Budget.Charge(64 + 8L * items.Count);
        return new PickledSequence(kind, [.. items]);
    }

    private static PickledSequence Set(PickleMachine machine, PickledGlobal function, PickledSequence arguments) =>
        Sequence(machine, arguments, PickledSequenceKind.Set);

    private static PickledDictionary Dict(PickleMachine machine, PickledGlobal function, PickledSequence arguments)
    {
        machine.Budget.Charge(64);
        var dict = new PickledDictionary();
        switch (arguments)
        {
            case []:
                break;
            case [PickledDictionary source]:
                foreach (var (key, value) in source) dict.Set(key, value, machine.Budget);
                break;
            case [PickledSequence pairs]:
                foreach (var pair in pairs)
                {
                    if (pair is not PickledSequence { Count: 2 } entry)
                        throw Misused(machine, function, "a list of pairs");
                    dict.Set(entry[0], entry[1], machine.Budget);
                }

                break;
            default:
                throw Misused(machine, function, "nothing, a dict or a list of pairs");
        }

        return dict;
    }

    private static string Device(PickleMachine machine, PickledGlobal function, PickledSequence arguments)
    {
        if (arguments.Count is < 1 or > 2 || arguments[0] is not string type)
            throw Misused(machine, function, "a device type and an index");
        if (arguments.Count == 1) return type;
        machine.Budget.ChargeString(type.Length + 24);
        return arguments[1] is long index ? $"{type}:{index}" : throw Misused(machine, function, "an index");
    }

    // bytes(), bytes(b"…"), and text in Latin-1, which is how old protocols wrote bytes.
    private static object Bytes(PickleMachine machine, PickledGlobal function, PickledSequence arguments)
    {
        switch (arguments)
        {
            case []:
                return Array.Empty<byte>();
            case [byte[] bytes]:
                return bytes;
            case [string text, "latin1" or "latin-1"] when text.AsSpan().IndexOfAnyExceptInRange('\0', '\xFF') < 0:
                machine.Budget.Charge(32L + text.Length);
                return Encoding.Latin1.GetBytes(text);
            default:
                throw Misused(machine, function, "bytes, or text and 'latin1'");
        }
    }

    private static object ComplexNumber(PickleMachine machine, PickledGlobal function, PickledSequence arguments) =>
        arguments is [double real, double imaginary]
            ? new Complex(real, imaginary)
            : throw Misused(machine, function, "two floats");

    private static object NumpyType(PickleMachine machine, PickledGlobal function, PickledSequence arguments) =>
        arguments is [string code, ..] ? new NumpyDType(code) : throw Misused(machine, function, "a type code");

    private static object? NumpyScalar(PickleMachine machine, PickledGlobal function, PickledSequence arguments)
    {
        if (arguments is not [NumpyDType dtype, var data]) return new OpaqueObject(function, arguments);
        var bytes = data as byte[] ?? (data is string { Length: <= 16 } text ? Encoding.Latin1.GetBytes(text) : null);
        return bytes is null ? new OpaqueObject(function, arguments)
            : dtype.Scalar(bytes) ?? new OpaqueObject(function, arguments);
    }

    // copyreg._reconstructor(cls, base, state) makes an object of a class.
    private static object? Reconstructor(PickleMachine machine, PickledGlobal function, PickledSequence arguments) =>
        new OpaqueObject(arguments is [PickledGlobal type, ..] ? type : function, arguments);
}
