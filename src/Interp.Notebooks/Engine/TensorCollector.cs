using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Engine;

/// <summary>Frees the tensors of cells that nothing reaches any more.</summary>
/// <remarks>
/// Problem: a tensor's memory is outside the garbage collector's sight, and a cell's variables outlive the cell, so
/// neither a scope around each cell nor the collector alone fits. Idea: tensors made in a cell have no owner but the
/// variables that reach them; the collector finds those that nothing reaches, their finalizers free them, and this
/// class starts it when the process has grown: after a cell, and while one runs.
/// </remarks>
internal sealed class TensorCollector : IDisposable
{
    private const int LookEachMilliseconds = 200;
    private readonly long _allowed;
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private long _after;

    /// <param name="allowed">The growth in bytes that starts a search.</param>
    public TensorCollector(long allowed)
    {
        _allowed = allowed;
        _after = Environment.WorkingSet;
        _timer = new Timer(_ => CollectIfGrown());
    }

    /// <summary>Starts looking from time to time, while a cell runs.</summary>
    public void Watch() => _timer.Change(LookEachMilliseconds, LookEachMilliseconds);

    /// <summary>Stops looking.</summary>
    public void Rest() => _timer.Change(Timeout.Infinite, Timeout.Infinite);

    /// <summary>Frees what nothing reaches if the process has grown.</summary>
    public void CollectIfGrown()
    {
        if (Environment.WorkingSet - _after < Math.Max(_allowed, _after / 4) || !_lock.TryEnter()) return;
        try
        {
            Collect();
            _after = Environment.WorkingSet;
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        // The allocator keeps what was freed, for the next step of a training: here it would pass for growth.
        Libtorch.TrimMemory();
    }
}
