using System.Runtime.InteropServices;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Tensors;

/// <summary>Tensors over memory of the caller's.</summary>
public sealed unsafe class TensorMemoryTests : IDisposable
{
    private readonly float* data = (float*)NativeMemory.Alloc(6, sizeof(float));
    private int releases;

    public TensorMemoryTests()
    {
        for (var k = 0; k < 6; k++) data[k] = k + 1;
    }

    public void Dispose() => NativeMemory.Free(data);

    [Fact]
    public void The_memory_is_used_and_not_copied_and_strides_may_be_given()
    {
        using var x = Over([2, 3]);
        x[0, 0] = torch.tensor(100f);
        Assert.Equal(100, data[0]);
        Assert.Equal((nint)data, x.DataPointer);
        using var turned = Over([3, 2], [1, 3]);
        Assert.Equal([100f, 4f, 2f, 5f, 3f, 6f], turned.ToArray<float>());
    }

    [Fact]
    public void Release_runs_once_when_the_last_view_is_gone()
    {
        var x = Over([4]);
        var (view, share) = (x[1..], x.Share());
        x.Dispose();
        share.Dispose();
        Assert.Equal(0, releases);
        Assert.Equal([2f, 3f, 4f], view.ToArray<float>());
        view.Dispose();
        Assert.Equal(1, releases);
    }

    [Fact]
    public void No_elements_are_released_at_once_and_what_makes_no_sense_is_refused()
    {
        Over([0, 3]).Dispose();
        Assert.Equal(1, releases);
        Assert.Throws<ArgumentException>(() => Over([2, 3], [1]));
        Assert.Throws<ArgumentException>(() => Over([-1]));
        Assert.Equal(1, releases);
    }

    private Tensor Over(long[] shape, long[]? strides = null) =>
        TensorMemory.From((nint)data, shape, strides, ScalarType.Float32, () => releases++);
}
