using System.Runtime.InteropServices;

namespace Interp.Torch.Libtorch;

/// <summary>The C ABI of <c>native/torch_bridge.cpp</c>.</summary>
internal static unsafe partial class Bridge
{
    internal const string Library = "interp_torch";

    /// <summary>The layout of <c>ItValue</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Value
    {
        public int Tag;
        public int Count;
        public long Bits;
    }

    [LibraryImport(Library)] internal static partial byte* it_error();
    [LibraryImport(Library)] internal static partial byte* it_version();
    [LibraryImport(Library)] internal static partial void it_tune_malloc();
    [LibraryImport(Library)] internal static partial void it_forget_loading();
    [LibraryImport(Library)] internal static partial void it_trim_malloc();
    [LibraryImport(Library)] internal static partial int it_get_num_threads();
    [LibraryImport(Library)] internal static partial int it_set_num_threads(int n);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int it_find(string name, string overload, nint* op);
    [LibraryImport(Library)]
    internal static partial int it_call(nint op, Value* args, int count, Value* results, int capacity,
        int* resultCount);
    [LibraryImport(Library)] internal static partial int it_call1(nint op, Value* args, int count, nint* result);

    [LibraryImport(Library)] internal static partial void it_release(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void it_retain(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long it_dim(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long it_numel(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void it_sizes(nint tensor, long* sizes);
    [LibraryImport(Library)] internal static partial int it_strides(nint tensor, long* strides);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int it_dtype(nint tensor);
    [LibraryImport(Library)] internal static partial void it_device(nint tensor, int* type, int* index);
    [LibraryImport(Library)] internal static partial int it_data(nint tensor, nint* data);
    [LibraryImport(Library)] internal static partial int it_storage(nint tensor, nint* data, long* bytes);
    [LibraryImport(Library)] internal static partial int it_is_contiguous(nint tensor, int* result);
    [LibraryImport(Library)] internal static partial int it_version_counter(nint tensor, long* version);
    [LibraryImport(Library)]
    internal static partial int it_from_blob(nint data, long* sizes, long* strides, int dim, int dtype, nint state,
        delegate* unmanaged<nint, void> release, nint* result);

    [LibraryImport(Library)] internal static partial int it_requires_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int it_set_requires_grad(nint tensor, int on);
    [LibraryImport(Library)] internal static partial int it_is_leaf(nint tensor, int* result);
    [LibraryImport(Library)] internal static partial int it_grad(nint tensor, nint* grad);
    [LibraryImport(Library)] internal static partial int it_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] internal static partial int it_grad_fn(nint tensor, byte** name);
    [LibraryImport(Library)]
    internal static partial int it_backward(nint* tensors, nint* grads, int count, int retainGraph, int createGraph);
    [LibraryImport(Library)]
    internal static partial int it_autograd_grad(nint* outputs, nint* grads, int count, nint* inputs, int inputCount,
        int retainGraph, int createGraph, int allowUnused, nint* results);
    [LibraryImport(Library)]
    internal static partial int it_set_history(nint* outputs, int count, nint* inputs, int inputCount,
        delegate* unmanaged<nint, nint*, int, nint*, int, long> backward, nint state,
        delegate* unmanaged<nint, void> release);
    [LibraryImport(Library)]
    internal static partial int it_register_hook(nint tensor, delegate* unmanaged<nint, nint, nint*, long> hook,
        nint state, delegate* unmanaged<nint, void> release, int* position);
    [LibraryImport(Library)] internal static partial int it_remove_hook(nint tensor, int position);

    [LibraryImport(Library)] internal static partial int it_grad_enabled();
    [LibraryImport(Library)] internal static partial void it_set_grad_enabled(int on);
    [LibraryImport(Library)] internal static partial nint it_inference_begin(int on);
    [LibraryImport(Library)] internal static partial void it_inference_end(nint guard);

    [LibraryImport(Library)]
    internal static partial int it_generator_new(int type, int index, ulong seed,
        nint* result);
    [LibraryImport(Library)] internal static partial int it_generator_default(int type, int index, nint* result);
    [LibraryImport(Library)] internal static partial void it_generator_release(nint generator);
    [LibraryImport(Library)] internal static partial int it_generator_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial int it_generator_get_state(nint generator, nint* state);
    [LibraryImport(Library)] internal static partial int it_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)] internal static partial int it_device_count(int type);
    [LibraryImport(Library)] internal static partial int it_synchronize(int type, int index);
}
