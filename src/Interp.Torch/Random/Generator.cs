namespace Interp.Torch;

/// <summary>A seeded source of random numbers with a state that can be saved and restored.</summary>
/// <remarks>
/// <code>
/// var generator = new Generator(seed: 0);
/// var x = torch.randn([3], generator);
/// </code>
/// The same seed gives the same numbers as PyTorch's generator of that seed and device.
/// </remarks>
public sealed class Generator : IDisposable
{
    private nint handle;

    /// <param name="seed">Where the sequence starts.</param>
    /// <param name="device">The device of the tensors that will be drawn; the processor where it is null.</param>
    public Generator(ulong seed, Device? device = null)
    {
        Device = device ?? Device.CPU;
        handle = torch.Engine.NewGenerator(Device, seed);
    }

    private Generator(nint handle, Device device)
    {
        this.handle = handle;
        Device = device;
    }

    /// <summary>Frees what was never disposed.</summary>
    ~Generator() => Free();

    /// <summary>The device whose tensors can be drawn.</summary>
    public Device Device { get; }

    internal nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Generator));

    /// <summary>The generator that a device uses when none is given.</summary>
    public static Generator Default(Device? device = null) =>
        new(torch.Engine.DefaultGenerator(device ?? Device.CPU), device ?? Device.CPU);

    /// <summary>Starts the sequence anew.</summary>
    public void manual_seed(ulong seed)
    {
        torch.Engine.SeedGenerator(Handle, seed);
        GC.KeepAlive(this);
    }

    /// <summary>The state as a byte tensor, as PyTorch's <c>get_state</c>.</summary>
    public Tensor get_state()
    {
        var state = new Tensor(torch.Engine.GeneratorState(Handle));
        GC.KeepAlive(this);
        return state;
    }

    /// <summary>Goes on from a saved state.</summary>
    /// <exception cref="TorchException">The tensor is no state of such a generator.</exception>
    public void set_state(Tensor state)
    {
        torch.Engine.SetGeneratorState(Handle, state.Handle);
        GC.KeepAlive(this);
        GC.KeepAlive(state);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        var freed = Interlocked.Exchange(ref handle, 0);
        if (freed != 0) torch.Engine.ReleaseGenerator(freed);
    }
}
