namespace Interp.Notebooks.Protocol;

/// <summary>One socket of libzmq, which sends and receives messages of several frames.</summary>
/// <remarks>A socket is used by one thread at a time; whoever shares one holds a lock, which is a full fence.</remarks>
internal sealed class ZmqSocket : IDisposable
{
    private const int Linger = 17;
    private const int MaxMessageSize = 22;
    private const int ReceiveTimeout = 27;
    private const int RouterHandover = 56;
    private const int Subscribe = 6;
    private const int ReceiveMore = 13;
    private const int SendMore = 2;
    private const int TryAgain = 11; // EAGAIN
    private const int Interrupted = 4; // EINTR
    private const int Terminated = 156384765; // ETERM
    private const int MessageBytes = 64; // sizeof(zmq_msg_t)
    private const long MostBytes = 1L << 30;
    private nint _socket;

    public ZmqSocket(ZmqContext context, int type, string address, bool connect = false)
    {
        _socket = ZeroMq.zmq_socket(context.Handle, type);
        if (_socket == 0) throw ZeroMq.Failure("zmq_socket");
        Set(Linger, 1000);
        SetLong(MaxMessageSize, MostBytes);
        if (type == ZeroMq.Router) Set(RouterHandover, 1); // a front end that connects again keeps its name
        if (type == ZeroMq.Sub) SubscribeToAll();
        if ((connect ? ZeroMq.zmq_connect(_socket, address) : ZeroMq.zmq_bind(_socket, address)) != 0)
            throw ZeroMq.Failure($"{(connect ? "connect to" : "listen at")} {address}");
    }

    /// <summary>Receives a message.</summary>
    /// <param name="timeout">How long to wait, in milliseconds; −1 for ever.</param>
    /// <returns>Its frames, or null where none came in time or the context has ended.</returns>
    public List<byte[]>? Receive(int timeout)
    {
        Set(ReceiveTimeout, timeout);
        var frames = new List<byte[]>();
        do
        {
            if (Frame() is not { } frame) return null;
            frames.Add(frame);
        }
        while (HasMore());
        return frames;
    }

    /// <summary>Sends a message.</summary>
    public unsafe void Send(IReadOnlyList<byte[]> frames)
    {
        for (var i = 0; i < frames.Count; i++)
        {
            var flags = i < frames.Count - 1 ? SendMore : 0;
            fixed (byte* data = frames[i])
            {
                while (ZeroMq.zmq_send(_socket, data, (nuint)frames[i].Length, flags) < 0)
                {
                    if (ZeroMq.zmq_errno() == Terminated) return;
                    if (ZeroMq.zmq_errno() != Interrupted) throw ZeroMq.Failure("zmq_send");
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var socket = Interlocked.Exchange(ref _socket, 0);
        if (socket != 0) _ = ZeroMq.zmq_close(socket);
    }

    private unsafe byte[]? Frame()
    {
        var message = stackalloc byte[MessageBytes];
        _ = ZeroMq.zmq_msg_init(message);
        try
        {
            while (ZeroMq.zmq_msg_recv(message, _socket, 0) < 0)
            {
                var error = ZeroMq.zmq_errno();
                if (error is TryAgain or Terminated) return null;
                if (error != Interrupted) throw ZeroMq.Failure("zmq_msg_recv");
            }
            return new ReadOnlySpan<byte>(ZeroMq.zmq_msg_data(message), checked((int)ZeroMq.zmq_msg_size(message))).ToArray();
        }
        finally
        {
            _ = ZeroMq.zmq_msg_close(message);
        }
    }

    private unsafe bool HasMore()
    {
        int more;
        nuint size = sizeof(int);
        return ZeroMq.zmq_getsockopt(_socket, ReceiveMore, &more, &size) == 0 && more != 0;
    }

    private unsafe void Set(int option, int value)
    {
        if (ZeroMq.zmq_setsockopt(_socket, option, &value, sizeof(int)) != 0) throw ZeroMq.Failure("zmq_setsockopt");
    }

    private unsafe void SetLong(int option, long value) => _ = ZeroMq.zmq_setsockopt(_socket, option, &value, sizeof(long));

    private unsafe void SubscribeToAll() => _ = ZeroMq.zmq_setsockopt(_socket, Subscribe, null, 0);
}
