using System.Collections.Concurrent;
using System.Runtime;

namespace Interp.Notebooks.Engine;

/// <summary>
/// The thread that all cells run on: libtorch's modes and the open scopes belong to a thread, so a notebook needs one.
/// What follows an <c>await</c> comes back to it.
/// </summary>
/// <remarks>
/// A running cell is interrupted in two ways at once: <see cref="ControlledExecution"/> stops managed code wherever it
/// is, <see cref="Thread.Interrupt"/> wakes it where it sleeps or waits. Native code, such as one large product of
/// matrices, runs to its end first.
/// </remarks>
internal sealed class CellThread : IDisposable
{
    private const int StackBytes = 64 << 20; // recursion in a notebook should end in its own error, not at 1.5 MB
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private bool _interruptible;

    public CellThread()
    {
        _thread = new Thread(Loop, StackBytes) { IsBackground = true, Name = "cells" };
        _thread.Start();
    }

    /// <summary>Runs an action on the thread and waits for it.</summary>
    /// <returns>The exception that it threw, or null.</returns>
    public Exception? Do(Action action)
    {
        using var done = new ManualResetEventSlim();
        Exception? thrown = null;
        _work.Add(() =>
        {
            thrown = Catch(action);
            done.Set();
        });
        done.Wait();
        return thrown;
    }

    /// <summary>Runs a cell on the thread, so that it can be interrupted, and waits for it.</summary>
    /// <param name="start">Starts the cell; its task ends with the cell.</param>
    /// <param name="interrupt">Interrupts the cell.</param>
    /// <param name="result">The value of the cell.</param>
    /// <returns>The exception that it threw, or null; an <see cref="OperationCanceledException"/> if interrupted.</returns>
    public Exception? RunCell(Func<Task<object?>> start, CancellationToken interrupt, out object? result)
    {
        object? value = null;
        using var source = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        var thrown = Do(() => value = Guarded(start, source));
        result = value;
        return thrown;
    }

    /// <inheritdoc/>
    public void Dispose() => _work.CompleteAdding();

    private object? Guarded(Func<Task<object?>> start, CancellationTokenSource source)
    {
        object? value = null;
        using var abort = new CancellationTokenSource();
        using var wake = source.Token.Register(() => Interrupt(abort));
        try
        {
            SetInterruptible(true);
            source.Token.ThrowIfCancellationRequested(); // it came while the cell was compiled
#pragma warning disable SYSLIB0046 // the only way to stop a loop that asks nobody
            ControlledExecution.Run(() => value = Pump(start(), source.Token), abort.Token);
#pragma warning restore SYSLIB0046
        }
        catch (Exception) when (source.IsCancellationRequested)
        {
            // Whatever the cell made of its interruption, it was interrupted.
            throw new OperationCanceledException(source.Token);
        }
        finally
        {
            SetInterruptible(false);
            ForgetInterrupt();
        }
        return value;
    }

    /// <summary>Waiting for the lock can itself be interrupted; then it is taken again.</summary>
    private void SetInterruptible(bool on)
    {
        for (var done = false; !done;)
        {
            try
            {
                lock (_gate) _interruptible = on;
                done = true;
            }
            catch (ThreadInterruptedException)
            {
            }
        }
    }

    private void Interrupt(CancellationTokenSource abort)
    {
        lock (_gate)
        {
            if (!_interruptible) return;
            _thread.Interrupt();
        }
        // It returns only when the cell has stopped, which native code may delay: nobody waits for it here.
        ThreadPool.UnsafeQueueUserWorkItem(static source => Cancel(source), abort, preferLocal: false);
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cell has ended meanwhile.
        }
    }

    /// <summary>Runs what the cell posts to this thread until its task has ended.</summary>
    private object? Pump(Task<object?> task, CancellationToken cancellation)
    {
        task.ContinueWith(static (_, work) => ((BlockingCollection<Action>)work!).TryAdd(static () => { }), _work,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (!task.IsCompleted) _work.Take(cancellation)();
        return task.GetAwaiter().GetResult();
    }

    private void Loop()
    {
        SynchronizationContext.SetSynchronizationContext(new Context(_work));
        foreach (var action in _work.GetConsumingEnumerable())
        {
            // What an earlier cell left behind (async void) must not end the kernel.
            if (Catch(action) is { } error) Console.Error.WriteLine(error.Message);
        }
    }

    /// <summary>An interrupt that came when the cell had ended would hit whatever waits next.</summary>
    private static void ForgetInterrupt()
    {
        try
        {
            Thread.Sleep(0);
        }
        catch (ThreadInterruptedException)
        {
        }
    }

    private static Exception? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private sealed class Context(BlockingCollection<Action> work) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback callback, object? state) => work.TryAdd(() => callback(state));

        public override void Send(SendOrPostCallback callback, object? state) => callback(state);

        public override SynchronizationContext CreateCopy() => this;
    }
}
