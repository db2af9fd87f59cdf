using System.Runtime.InteropServices;

namespace Interp.Torch.Tests.Tensors;

/// <summary>Tensors over memory that somebody else owns.</summary>
public class FromBlobTests
{
    [Fact]
    public void The_memory_is_used_and_not_copied()
    {
        using var memory = new Memory(1, 2, 3, 4, 5, 6);
        using var x = memory.Tensor([2, 3]);
        AssertTensor.Equal([2, 3], [1f, 2f, 3f, 4f, 5f, 6f], x);
        x[0, 0] = torch.tensor(100.0);
        Assert.Equal(100, memory.First);
        Assert.Equal(memory.Address, x.data_ptr);
    }

    [Fact]
    public void Strides_may_be_given()
    {
        using var memory = new Memory(1, 2, 3, 4, 5, 6);
        using var x = memory.Tensor([3, 2], [1, 3]);
        AssertTensor.Equal([3, 2], [1f, 4f, 2f, 5f, 3f, 6f], x);
    }

    [Fact]
    public void Release_runs_once_when_the_last_view_is_gone()
    {
        using var memory = new Memory(1, 2, 3, 4);
        var x = memory.Tensor([4]);
        var (view, share, copy) = (x[1..], x.Share(), x.clone());
        x.Dispose();
        share.Dispose();
        Assert.Equal(0, memory.Releases);
        AssertTensor.Equal([2f, 3f, 4f], view);
        view.Dispose();
        Assert.Equal(1, memory.Releases);
        copy.Dispose();
        Assert.Equal(1, memory.Releases);
    }

    [Fact]
    public void Release_runs_also_by_the_finalizer()
    {
        using var memory = new Memory(1, 2);
        Drop(memory);
        for (var k = 0; k < 10 && memory.Releases == 0; k++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(1, memory.Releases);

        static void Drop(Memory memory) => memory.Tensor([2]).add(1);
    }

    [Fact]
    public void The_graph_keeps_the_memory_until_backward()
    {
        using var memory = new Memory(3);
        var w = torch.ones([1]).requires_grad_();
        Tensor loss;
        using (var x = memory.Tensor([1])) loss = (x * w).sum();
        Assert.Equal(0, memory.Releases);
        loss.backward();
        Assert.Equal(1, memory.Releases);
        Assert.Equal(3, w.grad!.item<float>());
    }

    [Fact]
    public void A_tensor_that_cannot_be_made_is_released_too()
    {
        using var memory = new Memory(1);
        Assert.Contains("negative", Assert.Throws<TorchException>(() => memory.Tensor([1], [-1])).Message);
        Assert.Equal(1, memory.Releases);
        Assert.Contains("any memory", Assert.Throws<TorchException>(() => memory.Tensor([1L << 40, 1L << 40])).Message);
        Assert.Equal(2, memory.Releases);
    }

    [Fact]
    public void Impossible_shapes_are_errors_before_anything_is_taken()
    {
        using var memory = new Memory(1);
        Assert.Throws<ArgumentException>(() => memory.Tensor([-1]));
        Assert.Throws<ArgumentException>(() => memory.Tensor([1], [1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => torch.from_blob(memory.Address, [1], null, (ScalarType)99, memory.Release));
        Assert.Throws<ArgumentNullException>(() => torch.from_blob(memory.Address, [1], null, ScalarType.Float32,
            null!));
        Assert.Equal(0, memory.Releases);
    }

    [Fact]
    public void Nothing_may_be_empty()
    {
        var releases = 0;
        torch.from_blob(0, [0, 3], null, ScalarType.Float32, () => releases++).Dispose();
        Assert.Equal(1, releases);
    }

    private sealed class Memory : IDisposable
    {
        public Memory(params float[] values)
        {
            Address = Marshal.AllocHGlobal(values.Length * sizeof(float));
            Marshal.Copy(values, 0, Address, values.Length);
        }

        public nint Address { get; }

        public int Releases { get; private set; }

        public float First => Marshal.PtrToStructure<float>(Address);

        public Tensor Tensor(long[] shape, long[]? strides = null) =>
            torch.from_blob(Address, shape, strides, ScalarType.Float32, Release);

        public void Release() => Releases++;

        public void Dispose() => Marshal.FreeHGlobal(Address);
    }
}
