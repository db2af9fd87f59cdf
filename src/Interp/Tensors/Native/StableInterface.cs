using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Interp.Tensors.Native;

/// <summary>libtorch's stable C interface (<c>torch/csrc/stable/c/shim.h</c> and <c>aoti_torch/c/shim.h</c> of PyTorch 2.10).</summary>
/// <remarks>
/// Its tensor handles are <c>at::Tensor*</c>, as TorchSharp's are. Functions return 0, or 1 after writing what went wrong
/// to stderr; callers check shapes first.
/// </remarks>
internal static unsafe partial class StableInterface
{
    /// <summary>The version of the interface that the calls are written for: 2.10.</summary>
    internal const ulong Version = (2UL << 56) | (10UL << 48);

    private const string Torch = "torch_cpu";

    static StableInterface() =>
        NativeLibrary.SetDllImportResolver(typeof(StableInterface).Assembly, (name, _, _) => NativeLoader.Resolve(name));

    /// <summary>Fails where a call did.</summary>
    internal static void Check(int code, string what)
    {
        if (code != 0) throw new TorchException($"libtorch could not do {what}; its message is on stderr");
    }

    [LibraryImport(Torch, EntryPoint = "torch_call_dispatcher", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Call(string op, string overload, ulong* stack, ulong version);

    [LibraryImport(Torch, EntryPoint = "aoti_torch_abi_version")]
    internal static partial ulong LoadedVersion();

    [LibraryImport(Torch, EntryPoint = "aoti_torch_new_tensor_handle")]
    internal static partial int NewHandle(nint tensor, out nint copy);

    [LibraryImport(Torch, EntryPoint = "aoti_torch_delete_tensor_object")]
    internal static partial int DeleteTensor(nint tensor);

    [LibraryImport(Torch, EntryPoint = "aoti_torch_get_data_ptr")]
    internal static partial int DataPointer(nint tensor, out nint pointer);

    [LibraryImport(Torch, EntryPoint = "aoti_torch_get_storage_size")]
    internal static partial int StorageBytes(nint tensor, out long bytes);

    [LibraryImport(Torch, EntryPoint = "torch_new_list_reserve_size")]
    internal static partial int NewList(nuint size, out nint list);

    [LibraryImport(Torch, EntryPoint = "torch_list_push_back")]
    internal static partial int Push(nint list, ulong element);

    [LibraryImport(Torch, EntryPoint = "torch_list_size")]
    internal static partial int Size(nint list, out nuint size);

    [LibraryImport(Torch, EntryPoint = "torch_list_get_item")]
    internal static partial int Item(nint list, nuint index, out ulong element);

    [LibraryImport(Torch, EntryPoint = "torch_delete_list")]
    internal static partial int DeleteList(nint list);

    [LibraryImport(Torch, EntryPoint = "torch_new_string_handle")]
    internal static partial int NewString(byte* utf8, nuint length, out nint text);

    [LibraryImport(Torch, EntryPoint = "torch_parallel_for")]
    internal static partial int ParallelFor(long first, long end, long grain, delegate* unmanaged<long, long, nint, void> body, nint context);

    /// <summary>TorchSharp's own constructor of tensors over memory of the caller's; the deleter runs when it is freed.</summary>
    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_new")]
    internal static partial nint NewOverMemory(nint data, delegate* unmanaged<nint, void> deleter, long* sizes, int dimensions,
        sbyte elements, sbyte dtype, int deviceType, int deviceIndex, byte requiresGrad);

    /// <summary>Makes sure that the resolver of this class stands before a call.</summary>
    internal static void Initialize() => RuntimeHelpers.RunClassConstructor(typeof(StableInterface).TypeHandle);
}
