using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Interp.Tensors.Native;

namespace Interp.Tensors;

/// <summary>A loop over a range on libtorch's own threads.</summary>
/// <remarks>
/// Threads of .NET beside libtorch's would fight for the cores: libtorch's wait for the next operator in a busy loop.
/// <code>
/// ParallelFor.Run(0, rows, grain: 16, (first, end) => { for (var r = first; r &lt; end; r++) Row(r); });
/// </code>
/// </remarks>
public static unsafe class ParallelFor
{
    /// <summary>Calls a function for parts of a range that together make the whole.</summary>
    /// <param name="first">Where the range starts.</param>
    /// <param name="end">Where it ends; not part of it.</param>
    /// <param name="grain">The fewest places that are worth a thread of their own; at least 1.</param>
    /// <param name="body">Does the places from its first argument up to its second; on several threads at once.</param>
    /// <exception cref="ArgumentOutOfRangeException">The grain is less than 1.</exception>
    public static void Run(long first, long end, long grain, Action<long, long> body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grain, 1);
        if (end <= first) return;
        if (end - first <= grain)
        {
            body(first, end);
            return;
        }
        StableInterface.Initialize();
        var call = new Call(body);
        var handle = GCHandle.Alloc(call);
        try
        {
            StableInterface.Check(StableInterface.ParallelFor(first, end, grain, &Part, GCHandle.ToIntPtr(handle)), "parallel_for");
        }
        finally
        {
            handle.Free();
        }
        if (call.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>No exception may cross libtorch's frames: the first is kept.</summary>
    [UnmanagedCallersOnly]
    private static void Part(long first, long end, nint context)
    {
        var call = (Call)GCHandle.FromIntPtr(context).Target!;
        try
        {
            call.Body(first, end);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref call.Failure, e, null);
        }
    }

    private sealed class Call(Action<long, long> body)
    {
        internal Exception? Failure;

        internal Action<long, long> Body { get; } = body;
    }
}
