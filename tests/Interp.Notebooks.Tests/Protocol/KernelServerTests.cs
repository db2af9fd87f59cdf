using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Interp.Notebooks.Protocol;

namespace Interp.Notebooks.Tests.Protocol;

/// <summary>A kernel in this process, and a front end that talks to it over loopback.</summary>
public sealed class KernelServerTests : IDisposable
{
    private readonly ConnectionFile _connection;
    private readonly KernelServer _server;
    private readonly Task _running;
    private readonly ZmqContext _context = new();
    private readonly ZmqSocket _shell, _control, _iopub;
    private readonly MessageCodec _codec = new(new Signer("key"), "client", TimeProvider.System);

    public KernelServerTests()
    {
        var ports = FreePorts(5);
        _connection = new ConnectionFile("tcp", "127.0.0.1", ports[0], ports[1], ports[2], ports[3], ports[4], "key");
        _server = new KernelServer(_connection);
        _running = Task.Run(_server.Run);
        _iopub = new ZmqSocket(_context, ZeroMq.Sub, _connection.At(_connection.IopubPort), connect: true);
        _shell = new ZmqSocket(_context, ZeroMq.Dealer, _connection.At(_connection.ShellPort), connect: true);
        _control = new ZmqSocket(_context, ZeroMq.Dealer, _connection.At(_connection.ControlPort), connect: true);
    }

    public void Dispose()
    {
        _server.End();
        _running.Wait(TimeSpan.FromSeconds(20));
        foreach (var socket in (ZmqSocket[])[_shell, _control, _iopub]) socket.Dispose();
        _server.Dispose();
        _context.Dispose();
    }

    [Fact]
    public void It_says_what_it_is_and_runs_cells()
    {
        Ask(_shell, "kernel_info_request", []);
        Assert.Equal("C#", (string)Reply(_shell)["language_info"]!["name"]!);
        Ask(_shell, "execute_request", new JsonObject { ["code"] = "40 + 2" });
        var reply = Reply(_shell);
        Assert.Equal(("ok", 1), ((string)reply["status"]!, (int)reply["execution_count"]!));
        Assert.Equal("42", Published("execute_result")["data"]!["text/plain"]!.ToString());
    }

    [Fact]
    public void Errors_are_red_hints_are_blue_and_places_are_as_other_text()
    {
        Assert.Equal(["\u001b[31mException: wrong\u001b[0m", "  at cell[1], line 1: throw new Exception(\"wrong\");"],
            Traceback("throw new Exception(\"wrong\");"));
        Assert.Equal(["\u001b[34mNot solved yet. Hint: think\u001b[0m"], Traceback("int n = todo(\"think\");"));

        string[] Traceback(string code)
        {
            Ask(_shell, "execute_request", new JsonObject { ["code"] = code });
            return [.. Reply(_shell)["traceback"]!.AsArray().Select(line => (string)line!)];
        }
    }

    [Fact]
    public void A_message_that_is_not_signed_with_the_key_gets_no_answer()
    {
        var other = new MessageCodec(new Signer("other"), "client", TimeProvider.System);
        _shell.Send(other.Write([], "kernel_info_request", [], null));
        _shell.Send([[1, 2, 3]]);
        _shell.Send(["<IDS|MSG>"u8.ToArray(), [], [1], [2], [3], [4]]);
        Assert.Null(_shell.Receive(600));
        Ask(_shell, "kernel_info_request", []);
        Assert.Equal("ok", (string)Reply(_shell)["status"]!); // it goes on
    }

    [Fact]
    public void The_heartbeat_answers_while_a_cell_runs_and_control_interrupts_it()
    {
        Ask(_shell, "execute_request", new JsonObject { ["code"] = "Console.Write(\"on\"); Console.Out.Flush(); while (true) { }" });
        Published("stream");
        using var heart = new ZmqSocket(_context, ZeroMq.Req, _connection.At(_connection.HeartbeatPort), connect: true);
        heart.Send([[7]]);
        Assert.Equal([7], Assert.Single(heart.Receive(5000)!));
        Ask(_control, "interrupt_request", []);
        Assert.Equal("ok", (string)Reply(_control)["status"]!);
        Assert.Equal("Interrupted", (string)Reply(_shell)["ename"]!);
    }

    [Fact]
    public async Task A_request_to_end_is_answered_and_ends_it()
    {
        Ask(_control, "shutdown_request", new JsonObject { ["restart"] = false });
        Assert.Equal("ok", (string)Reply(_control)["status"]!);
        await _running.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private void Ask(ZmqSocket socket, string type, JsonObject content) => socket.Send(_codec.Write([], type, content, null));

    private JsonObject Reply(ZmqSocket socket) =>
        _codec.Read(socket.Receive(60_000) ?? throw new TimeoutException("no reply"))!.Content;

    private JsonObject Published(string type)
    {
        while (true)
        {
            var message = _codec.Read(_iopub.Receive(60_000) ?? throw new TimeoutException($"no {type}"))!;
            if (message.Type == type) return message.Content;
        }
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }
}
