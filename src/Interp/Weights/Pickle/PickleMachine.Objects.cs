using System.Text;
using System.Text.Unicode;

namespace Interp.Weights;

/// <summary>Instructions that name, call and fill Python objects: here they only describe them.</summary>
internal sealed partial class PickleMachine
{
    private const int LongestName = 1024;

    private bool Object(char opcode, ref PickleInput input)
    {
        switch (opcode)
        {
            case '\x80': CheckProtocol(input.Byte()); break;
            case '\x95': CheckFrame(input.UInt64(), input.Length - input.Position); break;
            case 'c': Global(input.Line(), input.Line()); break;
            case '\x93': StackGlobal(); break;
            case 'R' or '\x81': Call(); break;
            case '\x92': CallWithKeywords(); break;
            case 'o': CallMarked(TakeMark()); break;
            case 'b': Build(Pop()); break;
            case 'Q': Push(storages.Storage(this, Pop())); break;
            default: return false;
        }

        return true;
    }

    /// <summary>What an error calls a value.</summary>
    public static string Shown(object? value) => value switch
    {
        null => "None",
        string => "a string",
        byte[] => "bytes",
        long number => $"the integer {number}",
        System.Numerics.BigInteger => "a long integer",
        bool => "a bool",
        double => "a float",
        PickledTensor => "a tensor",
        PickledStorage => "a storage",
        NumpyDType => "a numpy dtype",
        _ => value.ToString() ?? "an object",
    };

    private void CheckProtocol(byte protocol)
    {
        if (protocol > HighestProtocol)
            throw Fault($"its protocol is {protocol}", $"1 to {HighestProtocol}");
    }

    private void CheckFrame(ulong length, int left)
    {
        if (length > (ulong)left)
            throw Fault($"a frame of {length} bytes begins where {left} are left", "a whole pickle");
    }

    private void Global(ReadOnlySpan<byte> module, ReadOnlySpan<byte> name)
    {
        if (!Utf8.IsValid(module) || !Utf8.IsValid(name)) throw Fault("a name is not valid UTF-8", "UTF-8");
        budget.ChargeString(module.Length + name.Length);
        PushGlobal(Encoding.UTF8.GetString(module), Encoding.UTF8.GetString(name));
    }

    private void PushGlobal(string module, string name)
    {
        // Looking a name up takes time in proportion to its length, as often as the pickle calls it.
        if (module.Length + name.Length > LongestName)
            throw Fault($"a name has {module.Length + name.Length} characters", $"at most {LongestName}");
        budget.Charge(256 + 2L * name.Length);
        module = module switch { "__builtin__" => "builtins", "copy_reg" => "copyreg", _ => module };
        // A dtype of PyTorch is written as a name; it is a plain value.
        if (module == "torch" && WeightDTypes.FromTorch(name) is not null) Push($"torch.{name}");
        else Push(new PickledGlobal(module, name));
    }

    private void StackGlobal()
    {
        if (Pop() is string name && Pop() is string module) PushGlobal(module, name);
        else throw Fault("it names a class by something else than text", "module and name as strings");
    }

    private void Call()
    {
        var arguments = Pop() as PickledSequence ?? throw Fault("the arguments of a call are no tuple", "a tuple");
        Push(Result(Pop(), arguments));
    }

    private void CallMarked(int start)
    {
        if (start >= _stack.Count) throw Fault("the stack is empty", "a class to build");
        var arguments = Collect(PickledSequenceKind.Tuple, start + 1);
        Push(Result(Pop(), arguments));
    }

    private void CallWithKeywords()
    {
        var keywords = Pop();
        var arguments = Pop();
        budget.Charge(128);
        if (Pop() is not PickledGlobal type)
            throw Fault("it builds an object of something that is no class", "a class");
        List<object?> both = [arguments, keywords];
        Push(new OpaqueObject(type, new PickledSequence(PickledSequenceKind.Tuple, both)));
    }

    private object? Result(object? callable, PickledSequence arguments)
    {
        budget.Charge(128);
        return callable switch
        {
            PickledGlobal global => PickleCalls.Call(this, global, arguments),
            OpaqueObject opaque => new OpaqueObject(opaque.Type, arguments),
            _ => throw Fault($"it calls {Shown(callable)}", "a class or function"),
        };
    }

    private void Build(object? state)
    {
        switch (Peek())
        {
            case PickledDictionary dict:
                dict.State = state;
                break;
            case OpaqueObject opaque:
                opaque.State = state;
                break;
            case NumpyDType dtype:
                dtype.BigEndian = state is PickledSequence { Count: > 1 } fields && fields[1] is ">";
                break;
            case var other:
                throw Fault($"it sets the state of {Shown(other)}", "an object or a dict");
        }
    }
}
