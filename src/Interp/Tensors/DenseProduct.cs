using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Interp.Tensors.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tensors;

/// <summary>
/// Large products of matrices, by the faster of the two libraries that libtorch has for them. No gradients.
/// </summary>
/// <remarks>
/// Problem: libtorch multiplies float32 matrices with Intel's MKL, which on processors of other makers uses vectors of
/// half the width. Idea: oneDNN, which libtorch has for convolutions, compiles its kernels for the processor that it
/// finds, and the operator <c>mkldnn::_linear_pointwise</c> reaches it. On an AMD EPYC with AVX-512 a product [4096,
/// 768] × [768, 6144] takes 105 ms instead of 225 ms on two cores. The choice depends on the processor alone: the same
/// machine gives the same bits.
/// </remarks>
internal static class DenseProduct
{
    /// <summary>Multiplications from which on the call of oneDNN pays.</summary>
    private const long Large = 1 << 22;

    private static readonly Operator LinearPointwise = new("mkldnn::_linear_pointwise");

    /// <summary>Whether this processor and this libtorch are such that float32 products are oneDNN's.</summary>
    internal static bool OneDnnIsFaster { get; } = X86Base.IsSupported && !MadeByIntel() && HasOneDnn();

    /// <summary>x · weightᵀ + bias, and of that what is above 0 where asked for: [rows, out].</summary>
    /// <param name="x">[rows, in]</param>
    /// <param name="weight">[out, in], in row-major order or transposed.</param>
    /// <param name="bias">[out], or null for none.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <exception cref="ArgumentException">The inner sizes differ.</exception>
    internal static Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null, bool relu = false)
    {
        if (x.dim() != 2 || weight.dim() != 2 || x.size(1) != weight.size(1))
            throw new ArgumentException(
                $"a linear map of {x.Summary} with weights {weight.Summary}: [rows, in] and [out, in] are expected");
        if (UsesOneDnn(x, weight))
            return LinearPointwise.Call(x, weight, OperatorArgument.Maybe(bias), relu ? "relu" : "none",
                Array.Empty<Tensor>(), OperatorArgument.None);
        var product = bias is null ? x.mm(weight.t()) : addmm(bias, x, weight.t(), 1, 1);
        return relu ? product.relu_() : product;
    }

    /// <summary>Adds aᵀ · b to a sum.</summary>
    /// <param name="sum">[n, m]</param>
    /// <param name="a">[rows, n]</param>
    /// <param name="b">[rows, m]</param>
    internal static void AddTransposed(Tensor sum, Tensor a, Tensor b)
    {
        if (!UsesOneDnn(b, a))
        {
            sum.addmm_(a.t(), b, 1, 1);
            return;
        }
        // oneDNN copies its first factor into row-major order: b, which here is the narrower one.
        using var transposed = Linear(b.t(), a.t());
        sum.add_(transposed.t());
    }

    private static bool UsesOneDnn(Tensor x, Tensor weight) =>
        OneDnnIsFaster && x.dtype == ScalarType.Float32 && weight.dtype == ScalarType.Float32
            && x.device_type == DeviceType.CPU && x.numel() * weight.size(0) >= Large
            && !(is_grad_enabled() && (x.requires_grad || weight.requires_grad));

    /// <summary>
    /// Its processors have the string "GenuineIntel" in three registers (Intel's manual, instruction CPUID).
    /// </summary>
    private static bool MadeByIntel()
    {
        var (_, first, third, second) = X86Base.CpuId(0, 0);
        return (first, second, third) == (0x756e6547, 0x49656e69, 0x6c65746e);
    }

    /// <summary>libtorch exports this function where it was built with oneDNN.</summary>
    private static bool HasOneDnn() =>
        NativeLoader.Resolve("torch_cpu") is var library and not 0
            && NativeLibrary.TryGetExport(library, "aoti_torch_cpu__linear_pointwise", out _);
}
