using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Interp.Sae.Dictionaries.Sparse;

/// <summary>What <see cref="Vector{T}"/> lacks where code is written for float and double at once.</summary>
internal static class Lanes
{
    /// <summary>a · b + c, rounded once where the processor does so at no cost, else twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c) where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <summary>Bit k is set where element k is above a bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Above<T>(Vector<T> x, Vector<T> bound) where T : unmanaged =>
        Vector<byte>.Count switch
        {
            16 => Vector128.GreaterThan(x.AsVector128(), bound.AsVector128()).ExtractMostSignificantBits(),
            32 => Vector256.GreaterThan(x.AsVector256(), bound.AsVector256()).ExtractMostSignificantBits(),
            _ => Vector512.GreaterThan(x.AsVector512(), bound.AsVector512()).ExtractMostSignificantBits(),
        };
}
