using System.Numerics;
using System.Runtime.InteropServices;
using Interp.Torch.Engine;
using static Interp.Torch.Libtorch.Bridge;

namespace Interp.Torch.Libtorch;

/// <summary>
/// The engine over a libtorch that is already on the machine, through
/// <c>native/torch_bridge.cpp</c>.
/// </summary>
public sealed unsafe partial class LibtorchEngine : IEngine
{
    private const int MaxResults = 8;

    /// <summary>Up to so many 8-byte words of lists and strings are handed over on the stack.</summary>
    private const int StackWords = 1024;

    /// <summary>Loads libtorch and sets its threads to the processor's cores.</summary>
    /// <exception cref="TorchException">The bridge or libtorch cannot be loaded.</exception>
    public LibtorchEngine()
    {
        BridgeLocator.Install();
        Version = Text(it_version());
        it_tune_malloc();
        it_forget_loading();
        Threads = PhysicalCores.Count();
    }

    /// <summary>Whether the bridge was built on this machine.</summary>
    public static bool IsAvailable => File.Exists(BridgeLocator.Path);

    /// <inheritdoc/>
    public string Name => "libtorch";

    /// <inheritdoc/>
    public string Version { get; }

    /// <inheritdoc/>
    public int Threads
    {
        get => it_get_num_threads();
        set => Check(it_set_num_threads(value));
    }

    /// <inheritdoc/>
    public void TrimMemory() => it_trim_malloc();

    /// <inheritdoc/>
    public nint FindOperator(string name)
    {
        var dot = name.LastIndexOf('.');
        nint op;
        Check(dot < 0 ? it_find(name, "", &op) : it_find(name[..dot], name[(dot + 1)..], &op));
        return op;
    }

    /// <inheritdoc/>
    public bool HasOperator(string name)
    {
        try
        {
            FindOperator(name);
            return true;
        }
        catch (TorchException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public nint Call(nint op, ReadOnlySpan<Arg> args)
    {
        var scratch = Scratch(args);
        if (scratch > StackWords) return CallLong(op, args, scratch);
        var words = stackalloc long[scratch];
        return Call(op, args, words);
    }

    /// <inheritdoc/>
    public object?[] CallMany(nint op, ReadOnlySpan<Arg> args)
    {
        var scratch = Scratch(args);
        fixed (long* heap = scratch > StackWords ? new long[scratch] : [])
        {
            var stack = stackalloc long[scratch > StackWords ? 0 : scratch];
            var values = stackalloc Value[args.Length];
            Marshal(args, values, scratch > StackWords ? heap : stack);
            var results = stackalloc Value[MaxResults];
            int count;
            var code = it_call(op, values, args.Length, results, MaxResults, &count);
            KeepAlive(args);
            Check(code);
            var managed = new object?[count];
            for (var k = 0; k < count; k++) managed[k] = FromNative(results[k]);
            return managed;
        }
    }

    private static nint CallLong(nint op, ReadOnlySpan<Arg> args, int scratch)
    {
        fixed (long* words = new long[scratch]) return Call(op, args, words);
    }

    private static nint Call(nint op, ReadOnlySpan<Arg> args, long* words)
    {
        var values = stackalloc Value[args.Length];
        Marshal(args, values, words);
        nint result;
        var code = it_call1(op, values, args.Length, &result);
        KeepAlive(args);
        Check(code);
        return result;
    }

    private static object? FromNative(Value value) => (ArgKind)value.Tag switch
    {
        ArgKind.None => null,
        ArgKind.Tensor => (nint)value.Bits,
        ArgKind.Int => value.Bits,
        ArgKind.Double => BitConverter.Int64BitsToDouble(value.Bits),
        ArgKind.Bool => value.Bits != 0,
        ArgKind.String => System.Text.Encoding.UTF8.GetString((byte*)value.Bits, value.Count),
        ArgKind.TensorList => new ReadOnlySpan<nint>((void*)value.Bits, value.Count).ToArray(),
        ArgKind.IntList => new ReadOnlySpan<long>((void*)value.Bits, value.Count).ToArray(),
        ArgKind.Complex => new Complex(((double*)value.Bits)[0], ((double*)value.Bits)[1]),
        _ => throw new TorchException($"the engine does not know results with the tag {value.Tag}"),
    };

    /// <summary>The number of 8-byte words that the lists and strings among the arguments need.</summary>
    private static int Scratch(ReadOnlySpan<Arg> args)
    {
        var words = 0;
        foreach (ref readonly var arg in args)
            words += arg.Kind switch
            {
                ArgKind.String => System.Text.Encoding.UTF8.GetMaxByteCount(((string)arg.Reference!).Length) / 8 + 1,
                ArgKind.IntList or ArgKind.DoubleList or ArgKind.TensorList => ((Array)arg.Reference!).Length,
                ArgKind.Complex => 2,
                _ => 0,
            };
        return words;
    }

    private static void Marshal(ReadOnlySpan<Arg> args, Value* values, long* words)
    {
        for (var k = 0; k < args.Length; k++)
        {
            ref readonly var arg = ref args[k];
            values[k].Tag = (int)arg.Kind;
            values[k].Count = 0;
            values[k].Bits = arg.Bits;
            if (arg.Kind == ArgKind.Tensor) values[k].Bits = ((Tensor)arg.Reference!).Handle;
            else if (arg.Reference is not null) words += MarshalReference(in arg, ref values[k], words);
            else if (arg.Kind == ArgKind.Device)
            {
                values[k].Count = (int)(arg.Bits >> 32);
                values[k].Bits = (int)arg.Bits;
            }
        }
    }

    /// <summary>Copies a list or a string into the scratch words; returns how many it took.</summary>
    private static int MarshalReference(in Arg arg, ref Value value, long* words)
    {
        value.Bits = (long)words;
        switch (arg.Reference)
        {
            case long[] ints:
                value.Count = ints.Length;
                ints.CopyTo(new Span<long>(words, ints.Length));
                return ints.Length;
            case double[] doubles:
                value.Count = doubles.Length;
                doubles.CopyTo(new Span<double>(words, doubles.Length));
                return doubles.Length;
            case Tensor?[] tensors:
                value.Count = tensors.Length;
                for (var k = 0; k < tensors.Length; k++) words[k] = tensors[k]?.Handle ?? 0;
                return tensors.Length;
            case string text:
                var room = System.Text.Encoding.UTF8.GetMaxByteCount(text.Length) / 8 + 1;
                value.Count = System.Text.Encoding.UTF8.GetBytes(text, new Span<byte>(words, room * 8));
                return room;
            case Generator generator:
                value.Bits = generator.Handle;
                return 0;
            default:
                throw new ArgumentException($"the engine does not take {arg.Reference?.GetType().Name}");
        }
    }

    /// <summary>Tensors must outlive the call even if nothing refers to them afterwards.</summary>
    private static void KeepAlive(ReadOnlySpan<Arg> args)
    {
        foreach (ref readonly var arg in args) GC.KeepAlive(arg.Reference);
    }

    private static void Check(int code)
    {
        if (code != 0) Throw();
    }

    private static void Throw()
    {
        var message = Text(it_error());
        ManagedCallbacks.Rethrow(message);
        throw new TorchException(message);
    }

    private static string Text(byte* utf8) => System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)utf8) ?? "";
}
