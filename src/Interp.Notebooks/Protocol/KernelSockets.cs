using System.Text.Json.Nodes;

namespace Interp.Notebooks.Protocol;

/// <summary>The five sockets of a kernel, and how messages go out on them.</summary>
internal sealed class KernelSockets : IDisposable
{
    private readonly ZmqContext _context = new();
    private readonly Lock _iopubLock = new();
    private readonly Lock _stdinLock = new();
    private readonly ZmqSocket _iopub;
    private readonly string _session;

    public KernelSockets(ConnectionFile connection, TimeProvider clock)
    {
        _session = Guid.NewGuid().ToString("N"); // a name among the sessions of a front end; nothing is computed from it
        Codec = new MessageCodec(new Signer(connection.Key), _session, clock);
        Shell = new ZmqSocket(_context, ZeroMq.Router, connection.At(connection.ShellPort));
        Control = new ZmqSocket(_context, ZeroMq.Router, connection.At(connection.ControlPort));
        Stdin = new ZmqSocket(_context, ZeroMq.Router, connection.At(connection.StdinPort));
        Heartbeat = new ZmqSocket(_context, ZeroMq.Rep, connection.At(connection.HeartbeatPort));
        _iopub = new ZmqSocket(_context, ZeroMq.Pub, connection.At(connection.IopubPort));
    }

    public MessageCodec Codec { get; }

    public ZmqSocket Shell { get; }

    public ZmqSocket Control { get; }

    public ZmqSocket Stdin { get; }

    public ZmqSocket Heartbeat { get; }

    /// <summary>Tells everybody who listens.</summary>
    public void Publish(string type, JsonObject content, Message? parent)
    {
        byte[][] topic = [System.Text.Encoding.UTF8.GetBytes($"kernel.{_session}.{type}")];
        lock (_iopubLock) _iopub.Send(Codec.Write(topic, type, content, parent));
    }

    /// <summary>Whether the kernel works for a request or waits.</summary>
    public void PublishStatus(string state, Message? parent) =>
        Publish("status", new JsonObject { ["execution_state"] = state }, parent);

    /// <summary>Asks the person who sent a request, and waits for the answer.</summary>
    public string Ask(Message request, string prompt, bool password, CancellationToken cancellation)
    {
        lock (_stdinLock)
        {
            while (Stdin.Receive(0) is not null)
            {
                // An answer to an earlier question, which nobody waits for any more.
            }
            Stdin.Send(Codec.Write(request.Identities, "input_request",
                new JsonObject { ["prompt"] = prompt, ["password"] = password }, request));
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Stdin.Receive(100) is { } frames && Codec.Read(frames) is { Type: "input_reply" } reply)
                    return reply.Text("value");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var socket in (ZmqSocket[])[Shell, Control, Stdin, Heartbeat, _iopub]) socket.Dispose();
        _context.Dispose();
    }
}
