using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Interp.Torch.Libtorch;

/// <summary>
/// Functions that libtorch calls back: releases of foreign memory, autograd nodes and tensor hooks.
/// </summary>
/// <remarks>
/// An exception of managed code must not cross a native frame. It is kept under a number, the callback returns the
/// number, the bridge throws a C++ exception that names it, and <see cref="Rethrow"/> finds it again at the call that
/// started the backward pass.
/// </remarks>
internal static unsafe class ManagedCallbacks
{
    private const string Prefix = "managed exception #";
    private static readonly ConcurrentDictionary<long, ExceptionDispatchInfo> Waiting = new();
    private static long lastNumber;

    internal static nint Keep(object state) => GCHandle.ToIntPtr(GCHandle.Alloc(state));

    /// <summary>Throws the managed exception that an error message names, if it names one.</summary>
    internal static void Rethrow(string message)
    {
        var start = message.IndexOf(Prefix, StringComparison.Ordinal);
        if (start < 0) return;
        var digits = message.AsSpan(start + Prefix.Length);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        if (long.TryParse(end < 0 ? digits : digits[..end], out var number) && Waiting.TryRemove(number, out var found))
            found.Throw();
    }

    [UnmanagedCallersOnly]
    internal static void ReleaseBlob(nint state) => Run((Action)Take(state));

    [UnmanagedCallersOnly]
    internal static void ReleaseNode(nint state) =>
        Run((((Func<nint[], nint[]>, Action Released))Take(state)).Released);

    [UnmanagedCallersOnly]
    internal static void ReleaseState(nint state) => Take(state);

    [UnmanagedCallersOnly]
    internal static long Backward(nint state, nint* grads, int count, nint* results, int resultCount)
    {
        try
        {
            var (function, _) = ((Func<nint[], nint[]>, Action))GCHandle.FromIntPtr(state).Target!;
            var given = function(new ReadOnlySpan<nint>(grads, count).ToArray());
            for (var k = 0; k < resultCount; k++) results[k] = given[k];
            return 0;
        }
        catch (Exception e)
        {
            return Store(e);
        }
    }

    [UnmanagedCallersOnly]
    internal static long Hook(nint state, nint grad, nint* result)
    {
        try
        {
            *result = ((Func<nint, nint>)GCHandle.FromIntPtr(state).Target!)(grad);
            return 0;
        }
        catch (Exception e)
        {
            return Store(e);
        }
    }

    private static object Take(nint state)
    {
        var handle = GCHandle.FromIntPtr(state);
        var target = handle.Target!;
        handle.Free();
        return target;
    }

    private static void Run(Action release)
    {
        try
        {
            release();
        }
        catch (Exception e)
        {
            // Nobody can catch it: this runs where the last reference died, perhaps in the finalizer.
            Console.Error.WriteLine($"releasing what a tensor held failed: {e.Message}");
        }
    }

    private static long Store(Exception exception)
    {
        var number = Interlocked.Increment(ref lastNumber);
        Waiting[number] = ExceptionDispatchInfo.Capture(exception);
        return number;
    }
}
