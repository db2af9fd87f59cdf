using System.Diagnostics;
using Interp.Notebooks.Display;
using Interp.Notebooks.Language;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Engine;

/// <summary>Runs the C# cells of a notebook one after the other; each sees what those before it declared.</summary>
/// <remarks>
/// <para>The toolkit's namespaces are imported, <c>torch</c>, <c>F</c> and <c>nn</c> have PyTorch's names, and the
/// functions of <see cref="Notebook"/> (<c>display</c>, <c>input</c>, …) are called by their bare names. The value of
/// the last expression without a semicolon is the cell's.</para>
/// <para>Who owns a tensor: no scope is open in a cell. A tensor lives as long as a variable of the notebook reaches
/// it; what nothing reaches is freed when the process has grown by
/// <see cref="CellEngineOptions.CollectAfterBytes"/>, also while a cell runs. <c>using var scope =
/// torch.NewDisposeScope();</c> in a cell frees what the cell makes when it ends, at once.</para>
/// <para>Console.Out and Console.Error belong to the engine while it is open: only one may be open in a process.</para>
/// <code>
/// using var engine = new CellEngine();
/// engine.Run("var x = torch.ones([2, 3]);", output);
/// var result = engine.Run("x.sum().item&lt;float&gt;()", output);    // result.Value.Text is "6"
/// </code>
/// </remarks>
public sealed class CellEngine : IDisposable
{
    private readonly CellThread _thread = new();
    private readonly SubmissionCompiler _compiler;
    private readonly CellMemory _memory = new();
    private readonly TensorCollector _collector;
    private readonly CellSession _session;
    private readonly Dictionary<int, string> _sources = [];
    private readonly Lock _gate = new();
    private readonly TextWriter _stdout = Console.Out;
    private readonly TextWriter _stderr = Console.Error;
    private readonly TextReader _stdin = Console.In;
    private CancellationTokenSource? _running;

    /// <param name="options">Settings; null for the defaults.</param>
    public CellEngine(CellEngineOptions? options = null)
    {
        Options = options ?? new CellEngineOptions();
        var folder = Path.GetFullPath(Options.Folder ?? Environment.CurrentDirectory);
        _compiler = new SubmissionCompiler(folder);
        _collector = new TensorCollector(Options.CollectAfterBytes);
        // The first submission holds the aliases; compiling it also warms the compiler up.
        _memory.Add(_compiler.Compile(CellImports.Prelude, 0, null, CancellationToken.None), failed: false);
        _session = new CellSession(folder);
        Console.SetOut(_session.Out);
        Console.SetError(_session.Error);
        Console.SetIn(new CellInput(_session));
    }

    /// <summary>The settings.</summary>
    public CellEngineOptions Options { get; }

    /// <summary>How many cells have been run.</summary>
    public int Count { get; private set; }

    /// <summary>Completion, inspection and completeness, as the cells so far make them.</summary>
    public CodeAssistant Assistant => new(_compiler, () => _memory.Last?.Compilation);

    /// <summary>Runs a cell and waits for its end.</summary>
    /// <param name="code">The source; nothing, or only comments, is fine.</param>
    /// <param name="output">Where its outputs go.</param>
    /// <param name="cancellation">Interrupts it, as <see cref="Interrupt"/> does.</param>
    /// <returns>How it ended; errors of the cell are in it and not thrown.</returns>
    public CellResult Run(string code, ICellOutput output, CancellationToken cancellation = default) =>
        Run(code, output, counts: true, cancellation);

    /// <summary>Runs a cell that may be one which is not counted; errors then name it cell 0.</summary>
    internal CellResult Run(string code, ICellOutput output, bool counts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(output);
        var clock = Stopwatch.StartNew();
        var cell = counts ? ++Count : 0;
        _sources[cell] = code;
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_gate) _running = interrupt;
        _session.Begin(output);
        _collector.Watch();
        try
        {
            var (status, value, error) = Run(code, cell, interrupt.Token);
            return new CellResult(status, value, error, clock.Elapsed);
        }
        finally
        {
            _collector.Rest();
            _session.End();
            lock (_gate) _running = null;
        }
    }

    /// <summary>
    /// Interrupts the cell that runs, if one does; from any thread. Managed code stops within milliseconds; an
    /// operation of libtorch is finished first.
    /// </summary>
    public void Interrupt()
    {
        lock (_gate) _running?.Cancel();
    }

    /// <summary>Frees what cells have made and nothing reaches, if the process has grown; for the time between cells.</summary>
    public void CollectIfGrown() => _collector.CollectIfGrown();

    /// <inheritdoc/>
    public void Dispose()
    {
        Console.SetOut(_stdout);
        Console.SetError(_stderr);
        Console.SetIn(_stdin);
        _session.Dispose();
        _thread.Dispose();
        _memory.Clear();
        _collector.CollectIfGrown();
        _collector.Dispose();
    }

    private (CellStatus Status, MimeBundle? Value, CellError? Error) Run(string code, int cell, CancellationToken interrupt)
    {
        Submission submission;
        try
        {
            submission = _compiler.Compile(code, cell, _memory.Last, interrupt);
        }
        catch (CompilationException errors)
        {
            return (CellStatus.Error, null, ErrorText.Of(errors, code));
        }
        catch (OperationCanceledException)
        {
            return (CellStatus.Interrupted, null, ErrorText.Interrupted());
        }

        MimeBundle? shown = null;
        var thrown = _thread.RunCell(() => Start(submission, value => shown = value), interrupt, out _);
        var closed = _thread.Do(_session.DisposeUntilCellEnds);
        _memory.Add(submission, failed: thrown is not null);
        return (thrown ?? closed) switch
        {
            null => (CellStatus.Ok, shown, null),
            OperationCanceledException when interrupt.IsCancellationRequested =>
                (CellStatus.Interrupted, null, ErrorText.Interrupted()),
            var error => (CellStatus.Error, null, ErrorText.Of(error, Source)),
        };
    }

    /// <summary>Runs a cell and makes its value ready to be shown, on the cells' thread.</summary>
    private async Task<object?> Start(Submission submission, Action<MimeBundle?> show)
    {
        // Continues on this thread: the context of the cells' thread brings it back.
        var value = await submission.Run(_memory.SlotsFor(submission));
        show(submission.ShowsValue(value) ? MimeBundle.Of(value) : null);
        return null;
    }

    private string? Source(int cell) => _sources.GetValueOrDefault(cell);
}
