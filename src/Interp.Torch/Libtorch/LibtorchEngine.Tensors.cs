using Interp.Torch.Engine;
using static Interp.Torch.Libtorch.Bridge;

namespace Interp.Torch.Libtorch;

public sealed unsafe partial class LibtorchEngine
{
    /// <inheritdoc/>
    public void Release(nint tensor) => it_release(tensor);

    /// <inheritdoc/>
    public void Retain(nint tensor) => it_retain(tensor);

    /// <inheritdoc/>
    public int Dim(nint tensor) => (int)it_dim(tensor);

    /// <inheritdoc/>
    public long Numel(nint tensor) => it_numel(tensor);

    /// <inheritdoc/>
    public void Shape(nint tensor, Span<long> sizes)
    {
        fixed (long* p = sizes) it_sizes(tensor, p);
    }

    /// <inheritdoc/>
    public void Strides(nint tensor, Span<long> strides)
    {
        fixed (long* p = strides) Check(it_strides(tensor, p));
    }

    /// <inheritdoc/>
    public ScalarType Dtype(nint tensor) => (ScalarType)it_dtype(tensor);

    /// <inheritdoc/>
    public Device DeviceOf(nint tensor)
    {
        int type, index;
        it_device(tensor, &type, &index);
        return new Device((DeviceType)type, index);
    }

    /// <inheritdoc/>
    public nint Data(nint tensor)
    {
        nint data;
        Check(it_data(tensor, &data));
        return data;
    }

    /// <inheritdoc/>
    public (nint Data, long Bytes) Storage(nint tensor)
    {
        nint data;
        long bytes;
        Check(it_storage(tensor, &data, &bytes));
        return (data, bytes);
    }

    /// <inheritdoc/>
    public bool IsContiguous(nint tensor)
    {
        int result;
        Check(it_is_contiguous(tensor, &result));
        return result != 0;
    }

    /// <inheritdoc/>
    public long VersionCounter(nint tensor)
    {
        long version;
        Check(it_version_counter(tensor, &version));
        return version;
    }

    /// <inheritdoc/>
    public nint FromBlob(nint data, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, ScalarType dtype,
        Action release)
    {
        nint result;
        var state = ManagedCallbacks.Keep(release);
        int code;
        fixed (long* sizes = shape)
        fixed (long* steps = strides)
            code = it_from_blob(data, sizes, steps, shape.Length, (int)dtype, state, &ManagedCallbacks.ReleaseBlob,
                &result);
        Check(code);
        return result;
    }

    /// <inheritdoc/>
    public int DeviceCount(DeviceType type) => it_device_count((int)type);

    /// <inheritdoc/>
    public void Synchronize(Device device) => Check(it_synchronize((int)device.Type, device.Index));

    /// <inheritdoc/>
    public nint NewGenerator(Device device, ulong seed)
    {
        nint result;
        Check(it_generator_new((int)device.Type, device.Index, seed, &result));
        return result;
    }

    /// <inheritdoc/>
    public nint DefaultGenerator(Device device)
    {
        nint result;
        Check(it_generator_default((int)device.Type, device.Index, &result));
        return result;
    }

    /// <inheritdoc/>
    public void ReleaseGenerator(nint generator) => it_generator_release(generator);

    /// <inheritdoc/>
    public void SeedGenerator(nint generator, ulong seed) => Check(it_generator_seed(generator, seed));

    /// <inheritdoc/>
    public nint GeneratorState(nint generator)
    {
        nint state;
        Check(it_generator_get_state(generator, &state));
        return state;
    }

    /// <inheritdoc/>
    public void SetGeneratorState(nint generator, nint state) => Check(it_generator_set_state(generator, state));
}
