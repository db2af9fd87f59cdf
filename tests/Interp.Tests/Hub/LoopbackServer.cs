using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Interp.Tests.Hub;

/// <summary>HTTP/1.1 over raw sockets on loopback, one request a connection, so that it can misbehave in every way.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private const int ChunkSize = 16 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ServerRequest, ServerReply> _answer;
    private int _open, _mostOpen;

    public LoopbackServer(Func<ServerRequest, ServerReply> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>The most requests that were answered at the same time.</summary>
    public int MostOpen => _mostOpen;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                if (await ReadAsync(stream) is not { } request) return;
                lock (_stop) _mostOpen = Math.Max(_mostOpen, ++_open);
                await WriteAsync(stream, request, _answer(request));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client has gone away, as some tests want.
        }
    }

    private async Task<ServerRequest?> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (text.Length < 64 * 1024 && !(text.Length >= 4 && text.ToString(text.Length - 4, 4) == "\r\n\r\n"))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0) return null;
            text.Append((char)one[0]);
        }

        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        var headers = lines[1..].Select(line => line.Split(':', 2)).ToDictionary(p => p[0].Trim(), p => p[1].Trim(), StringComparer.OrdinalIgnoreCase);
        return new ServerRequest(first[0], first[1], headers);
    }

    private async Task WriteAsync(NetworkStream stream, ServerRequest request, ServerReply reply)
    {
        var head = new StringBuilder($"HTTP/1.1 {reply.Status} Status {reply.Status}\r\nConnection: close\r\n");
        foreach (var (name, value) in reply.Headers) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        var chunked = reply.Announced == -1;
        head.Append(chunked ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {reply.Announced ?? reply.Body.Length}\r\n");
        var end = Math.Min(reply.Body.Length, reply.DropAfter ?? reply.HangAfter ?? int.MaxValue);
        if (request.Method == "HEAD") end = 0;
        if (end == 0) Close();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "\r\n"), _stop.Token);
        if (request.Method == "HEAD") return;
        for (var at = 0; at < end; at += ChunkSize)
        {
            if (at + ChunkSize >= end) Close();
            if (reply.Pause > TimeSpan.Zero) await Task.Delay(reply.Pause, _stop.Token);
            var part = reply.Body.AsMemory(at, Math.Min(ChunkSize, end - at));
            if (chunked) await stream.WriteAsync(Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"), _stop.Token);
            await stream.WriteAsync(part, _stop.Token);
            if (chunked) await stream.WriteAsync("\r\n"u8.ToArray(), _stop.Token);
        }

        if (chunked && reply.DropAfter is null) await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), _stop.Token);
        if (reply.HangAfter is not null) await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);

        // Before the last bytes: after them the client may already ask for the next file.
        void Close()
        {
            lock (_stop) _open--;
        }
    }
}
