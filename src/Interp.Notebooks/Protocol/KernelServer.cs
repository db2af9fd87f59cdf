using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Interp.Notebooks.Engine;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Notebooks.Protocol;

/// <summary>A Jupyter kernel: runs C# cells for front ends that speak the messaging protocol 5.3.</summary>
/// <remarks>
/// Requests of the shell are answered one after the other by the thread that calls <see cref="Run"/>; interrupts and
/// the end come over the control socket, which has a thread of its own, as has the heartbeat. The engine starts while
/// the front end connects, so that the first cell does not wait for the compiler.
/// </remarks>
public sealed class KernelServer : IDisposable
{
    private const int LookForEndMilliseconds = 250;
    private readonly KernelSockets _sockets;
    private readonly Task<CellEngine> _engine;
    private readonly CellExecutor _executor;
    private readonly InputHistory _history = new();
    private readonly PosixSignalRegistration[] _signals;
    private readonly Queue<List<byte[]>> _waiting = new();
    private volatile bool _ended;

    /// <param name="connection">Where the front end wants it to listen.</param>
    /// <param name="options">Settings of the engine; null for the defaults.</param>
    /// <param name="clock">The time that messages bear; null for the system's.</param>
    public KernelServer(ConnectionFile connection, CellEngineOptions? options = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _sockets = new KernelSockets(connection, clock ?? TimeProvider.System);
        _engine = Task.Run(() => Warm(options));
        _executor = new CellExecutor(_sockets, () => _engine.GetAwaiter().GetResult(), _history);
        _signals =
        [
            // In a terminal Ctrl+C reaches the kernel too: it interrupts the cell, Jupyter decides about the rest.
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => OnSignal(signal, Interrupt)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => OnSignal(signal, End)),
        ];
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>Serves until a front end ends it, or the process that started it has gone.</summary>
    public void Run()
    {
        _sockets.PublishStatus("starting", null);
        Start("heartbeat", Beat);
        Start("control", Control);
        using var parent = new ParentWatch(End);
        while (!_ended)
        {
            if (!_waiting.TryDequeue(out var frames)) frames = _sockets.Shell.Receive(LookForEndMilliseconds);
            if (frames is not null && _sockets.Codec.Read(frames) is { } request) Handle(_sockets.Shell, request);
        }
    }

    /// <summary>Ends <see cref="Run"/> soon; a running cell is interrupted.</summary>
    public void End()
    {
        _ended = true;
        Interrupt();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        _ended = true;
        foreach (var signal in _signals) signal.Dispose();
        if (_engine.ContinueWith(engine => engine.Status).Result == TaskStatus.RanToCompletion) _engine.Result.Dispose();
        Thread.Sleep(2 * LookForEndMilliseconds); // until the threads have left their sockets
        _sockets.Dispose();
    }

    /// <summary>An engine that has compiled and shown something once, which takes the compiler a second.</summary>
    private static CellEngine Warm(CellEngineOptions? options)
    {
        var torchReady = Task.Run(() => torch.ones([2, 2]).Dispose());
        var engine = new CellEngine(options);
        engine.Run("torch.ones([2, 2])", new QuietOutput(), counts: false);
        torchReady.Wait();
        return engine;
    }

    private static void OnSignal(PosixSignalContext signal, Action action)
    {
        signal.Cancel = true;
        action();
    }

    private void Start(string name, Action action) =>
        new Thread(() => action()) { IsBackground = true, Name = name }.Start();

    private void Beat()
    {
        while (!_ended)
            if (_sockets.Heartbeat.Receive(LookForEndMilliseconds) is { } frames) _sockets.Heartbeat.Send(frames);
    }

    private void Control()
    {
        while (!_ended)
        {
            if (_sockets.Control.Receive(LookForEndMilliseconds) is not { } frames) continue;
            if (_sockets.Codec.Read(frames) is { } request) Handle(_sockets.Control, request);
        }
    }

    private void Handle(ZmqSocket socket, Message request)
    {
        _sockets.PublishStatus("busy", request);
        var reply = Answer(request);
        var failed = request.Type == "execute_request" && reply?["status"]?.ToString() != "ok";
        // Those that came before the front end knows of the failure; what it sends afterwards is meant to run.
        var abort = failed && request.Flag("stop_on_error", true) ? Waiting() : [];
        if (reply is not null) Send(socket, request, reply);
        _sockets.PublishStatus("idle", request);
        foreach (var frames in abort) Abort(frames);
        if (request.Type == "execute_request" && _engine.IsCompletedSuccessfully) _engine.Result.CollectIfGrown();
        if (request.Type == "shutdown_request") End();
    }

    private void Send(ZmqSocket socket, Message request, JsonObject reply) => socket.Send(_sockets.Codec.Write(
        request.Identities, request.Type.Replace("_request", "_reply", StringComparison.Ordinal), reply, request));

    private JsonObject? Answer(Message request)
    {
        try
        {
            return request.Type switch
            {
                "execute_request" => _executor.Execute(request),
                "complete_request" => CodeAnswers.Complete(Engine.Assistant, request),
                "inspect_request" => CodeAnswers.Inspect(Engine.Assistant, request),
                "is_complete_request" => CodeAnswers.IsComplete(request),
                "kernel_info_request" => KernelInfo.Reply(),
                "history_request" => _history.Answer(request),
                "comm_info_request" => new JsonObject { ["status"] = "ok", ["comms"] = new JsonObject() },
                "comm_open" => RefuseComm(request),
                "interrupt_request" => Interrupted(),
                "shutdown_request" => Ending(request),
                _ => null,
            };
        }
        catch (Exception error)
        {
            // A question that the kernel cannot answer must not end it: the front end is told.
            return new JsonObject
            {
                ["status"] = "error",
                ["ename"] = error.GetType().Name,
                ["evalue"] = error.Message,
                ["traceback"] = new JsonArray(error.Message),
            };
        }
    }

    private CellEngine Engine => _engine.GetAwaiter().GetResult();

    private List<List<byte[]>> Waiting()
    {
        var waiting = new List<List<byte[]>>();
        while (_sockets.Shell.Receive(0) is { } frames) waiting.Add(frames);
        return waiting;
    }

    /// <summary>Cells that waited behind one that failed are not run; other requests keep their turn.</summary>
    private void Abort(List<byte[]> frames)
    {
        if (_sockets.Codec.Read(frames) is not { } request) return;
        if (request.Type != "execute_request")
        {
            _waiting.Enqueue(frames);
            return;
        }
        _sockets.PublishStatus("busy", request);
        Send(_sockets.Shell, request, CellExecutor.Aborted());
        _sockets.PublishStatus("idle", request);
    }

    private void Interrupt()
    {
        if (_engine.IsCompletedSuccessfully) _engine.Result.Interrupt();
    }

    private JsonObject Interrupted()
    {
        Interrupt();
        return new JsonObject { ["status"] = "ok" };
    }

    private JsonObject Ending(Message request)
    {
        var reply = new JsonObject { ["status"] = "ok", ["restart"] = request.Flag("restart", false) };
        _sockets.Publish("shutdown_reply", (JsonObject)reply.DeepClone(), request);
        return reply;
    }

    /// <summary>There are no comms (widgets) here: who opens one is told that it is closed.</summary>
    private JsonObject? RefuseComm(Message request)
    {
        _sockets.Publish("comm_close", new JsonObject { ["comm_id"] = request.Text("comm_id"), ["data"] = new JsonObject() }, request);
        return null;
    }

    /// <summary>A cell that ends the process (<c>Environment.Exit</c>) gets its reply before the process goes.</summary>
    private void OnProcessExit(object? sender, EventArgs e)
    {
        if (_executor.Running is not { } request) return;
        var message = "the cell ended the process of the kernel; restart it and leave Environment.Exit away";
        var reply = _executor.Failed(new CellError("KernelEnded", message, [message]), request);
        reply["execution_count"] = _engine.Result.Count;
        Send(_sockets.Shell, request, reply);
        _sockets.PublishStatus("idle", request);
        Thread.Sleep(500); // libzmq sends on threads of its own
    }
}
