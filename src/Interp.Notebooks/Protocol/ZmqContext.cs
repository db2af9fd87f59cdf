namespace Interp.Notebooks.Protocol;

/// <summary>libzmq's context; it ends when all its sockets are closed and what they had to send is sent.</summary>
internal sealed class ZmqContext : IDisposable
{
    private nint _handle = ZeroMq.zmq_ctx_new();

    public nint Handle => _handle;

    /// <inheritdoc/>
    public void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0) _ = ZeroMq.zmq_ctx_term(handle);
    }
}
