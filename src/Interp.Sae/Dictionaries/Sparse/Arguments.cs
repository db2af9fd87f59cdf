using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>Checks what a kernel is given before it reads memory.</summary>
internal static unsafe class Arguments
{
    /// <summary>
    /// The elements of a tensor that lies in row-major order on the CPU, of a type and a number of dimensions.
    /// </summary>
    /// <exception cref="ArgumentException">It does not; the message tells what it is.</exception>
    internal static T* Elements<T>(string kernel, string name, Tensor tensor, int dimensions) where T : unmanaged
    {
        var type = TypeOf<T>();
        if (tensor.dim() == dimensions && tensor.dtype == type && tensor.device_type == DeviceType.CPU
            && tensor.is_contiguous())
            return (T*)tensor.DataPointer;
        throw new ArgumentException(
            $"{kernel}: {name} must be a contiguous CPU tensor of {dimensions} dimensions and type {type}; it is "
                + $"{tensor.dtype} [{string.Join(", ", tensor.shape)}] with strides "
                + $"[{string.Join(", ", tensor.stride())}] on {tensor.device}");
    }

    /// <summary>As <see cref="Elements{T}"/>, of one shape.</summary>
    internal static T* Shaped<T>(string kernel, string name, Tensor tensor, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var elements = Elements<T>(kernel, name, tensor, shape.Length);
        var actual = tensor.shape;
        if (shape.SequenceEqual(actual)) return elements;
        throw new ArgumentException(
            $"{kernel}: {name} must be [{string.Join(", ", shape.ToArray())}]; it is [{string.Join(", ", actual)}]");
    }

    /// <summary>Float32 and float64 have kernels.</summary>
    internal static ArgumentException NoKernel(string kernel, Tensor tensor) =>
        new($"{kernel}: float32 or float64 is expected; the tensor is {tensor.dtype} "
            + $"[{string.Join(", ", tensor.shape)}]");

    private static ScalarType TypeOf<T>() =>
        typeof(T) == typeof(float) ? ScalarType.Float32
        : typeof(T) == typeof(double) ? ScalarType.Float64
        : typeof(T) == typeof(long) ? ScalarType.Int64
        : throw new NotSupportedException(typeof(T).Name);
}
