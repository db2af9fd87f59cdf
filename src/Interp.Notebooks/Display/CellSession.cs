using Interp.Notebooks.Engine;

namespace Interp.Notebooks.Display;

/// <summary>What the functions of <see cref="Notebook"/> and the console reach: the outputs of the cell that runs.</summary>
/// <remarks>What a thread of an earlier cell still writes goes to the outputs of the last cell.</remarks>
internal sealed class CellSession : IDisposable
{
    private const int HandOnMilliseconds = 100;
    private static CellSession? current;

    private readonly Stack<IDisposable> _untilCellEnds = [];
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private ICellOutput? _output;
    private CancellationTokenSource _ended = new();
    private int _displays;

    public CellSession(string folder)
    {
        Folder = folder;
        Out = new CellConsole(StreamName.Stdout, Write);
        Error = new CellConsole(StreamName.Stderr, Write);
        _timer = new Timer(_ => Flush());
        if (Interlocked.CompareExchange(ref current, this, null) is not null)
            throw new InvalidOperationException(
                "another engine is open in this process; there is one console, so dispose the other first");
    }

    /// <summary>The session of the engine that is open.</summary>
    public static CellSession Current => current ?? throw new InvalidOperationException(
        "this works in a cell of a notebook only, and no engine for cells is open in this process; the file of a lab is run by "
        + "'interp lab check FILE'");

    /// <summary>The folder of the notebook.</summary>
    public string Folder { get; }

    public CellConsole Out { get; }

    public CellConsole Error { get; }

    public void Begin(ICellOutput output)
    {
        lock (_lock) _output = output;
        _ended = new CancellationTokenSource();
        _timer.Change(HandOnMilliseconds, HandOnMilliseconds);
    }

    public void End()
    {
        _timer.Change(Timeout.Infinite, Timeout.Infinite);
        Flush();
        _ended.Cancel();
    }

    public void Flush()
    {
        Out.Flush();
        Error.Flush();
    }

    public DisplayHandle Display(MimeBundle content)
    {
        var id = $"display-{Interlocked.Increment(ref _displays)}";
        Display(content, id, update: false);
        return new DisplayHandle(this, id);
    }

    public void Display(MimeBundle content, string id, bool update)
    {
        Flush(); // in the order in which the cell made them
        lock (_lock) _output?.Display(content, id, update);
    }

    public void Clear(bool wait)
    {
        Flush();
        lock (_lock) _output?.Clear(wait);
    }

    public string ReadLine(string prompt, bool password)
    {
        Flush();
        var output = _output ?? throw new InvalidOperationException("no cell is running");
        return output.ReadLine(prompt, password, _ended.Token); // waits: without the lock
    }

    public T UntilCellEnds<T>(T value)
    {
        if (value is IDisposable disposable) _untilCellEnds.Push(disposable);
        return value;
    }

    public void DisposeUntilCellEnds()
    {
        while (_untilCellEnds.TryPop(out var value)) value.Dispose();
    }

    public void Dispose()
    {
        _timer.Dispose();
        Interlocked.CompareExchange(ref current, null, this);
    }

    private void Write(StreamName stream, string text)
    {
        lock (_lock) _output?.Write(stream, text);
    }
}
