namespace Interp.Torch.Tests.Tensors;

public class FactoryTests
{
    private static readonly Device Device = TestDevice.Current;

    [Fact]
    public void Factories_fill_shapes()
    {
        AssertTensor.Equal([2, 2], [0f, 0f, 0f, 0f], torch.zeros([2, 2], device: Device));
        AssertTensor.Equal([2], [1L, 1L], torch.ones([2], ScalarType.Int64, Device));
        AssertTensor.Equal([2], [2.5f, 2.5f], torch.full([2], 2.5, device: Device));
        AssertTensor.Equal([2, 3], [1f, 0f, 0f, 0f, 1f, 0f], torch.eye(2, 3, device: Device));
        AssertTensor.Equal([3], [0L, 1L, 2L], torch.arange(3, device: Device));
        AssertTensor.Equal([4], [1f, 1.5f, 2f, 2.5f], torch.arange(1, 3, 0.5, ScalarType.Float32, Device));
        AssertTensor.Equal([3], [5L, 3L, 1L], torch.arange(5, 0, -2, device: Device));
        AssertTensor.Close([0, 0.25, 0.5, 0.75, 1], torch.linspace(0, 1, 5, device: Device));
        Assert.Equal([0, 3], torch.empty([0, 3], device: Device).shape);
        Assert.Equal([], torch.zeros([], device: Device).shape);
    }

    [Fact]
    public void Likes_take_shape_type_and_device()
    {
        var like = torch.zeros([2, 1], ScalarType.Float64, Device);
        foreach (var tensor in new[]
        {
            torch.ones_like(like), torch.zeros_like(like), torch.empty_like(like), torch.full_like(like, 3),
                torch.randn_like(like),
        })
        {
            Assert.Equal([2, 1], tensor.shape);
            Assert.Equal(ScalarType.Float64, tensor.dtype);
            Assert.Equal(like.device, tensor.device);
        }
        AssertTensor.Equal([2, 1], [3.0, 3.0], torch.full_like(like, 3));
    }

    [Fact]
    public void Numbers_become_tensors_of_PyTorchs_types()
    {
        Assert.Equal(ScalarType.Float32, torch.tensor(1.5).dtype);
        Assert.Equal(ScalarType.Int64, torch.tensor(1L).dtype);
        Assert.Equal(ScalarType.Int64, torch.tensor(1).dtype);
        Assert.Equal(1.5f, torch.tensor(1.5).item<float>());
    }

    [Fact]
    public void Arrays_are_copied()
    {
        var data = new[] { 1f, 2f };
        var tensor = torch.tensor(data);
        data[0] = 100;
        AssertTensor.Equal([1f, 2f], tensor);
        AssertTensor.Equal([2, 2], [1, 2, 3, 4], torch.tensor(new[,] { { 1, 2 }, { 3, 4 } }));
        AssertTensor.Equal([2], [1L, 2L], torch.tensor(new[] { 1f, 2f }, dtype: ScalarType.Int64));
        Assert.Equal([0], torch.tensor(Array.Empty<float>()).shape);
    }

    [Fact]
    public void An_array_that_does_not_fill_the_shape_is_an_error_with_both_counts()
    {
        var error = Assert.Throws<ArgumentException>(() => torch.tensor(new[] { 1f, 2f, 3f }, [2, 2]));
        Assert.Contains("3 elements", error.Message);
        Assert.Contains("[2, 2], which has 4", error.Message);
    }

    [Fact]
    public void A_shape_that_overflows_is_an_error() =>
        Assert.ThrowsAny<Exception>(() => torch.zeros([long.MaxValue, 2]));

    [Fact]
    public void More_memory_than_there_is_is_an_error() =>
        Assert.Contains("alloc", Assert.Throws<TorchException>(() => torch.zeros([1L << 50])).Message);

    [Fact]
    public void A_meta_tensor_has_a_shape_and_no_memory()
    {
        var tensor = torch.zeros([1L << 40], device: "meta");
        Assert.Equal(1L << 40, tensor.numel());
        Assert.Contains("meta", tensor.ToString());
        Assert.ThrowsAny<InvalidOperationException>(() => tensor[0].item<float>());
    }

    [Fact]
    public void Grids_and_blocks_are_laid_out()
    {
        AssertTensor.Equal([2, 3], [0L, 1L, 1L, 0L, 0L, 1L], torch.tril_indices(2, 2, device: Device));
        AssertTensor.Equal([2, 1], [0L, 1L], torch.triu_indices(2, 2, 1, Device));
        var (a, b) = (Make.Of(new[,] { { 1f, 2f } }), Make.Of(new[,] { { 1f }, { 10f } }));
        AssertTensor.Equal([2, 2], [1f, 2f, 10f, 20f], torch.kron(a, b));
        AssertTensor.Equal([3, 3], [1f, 2f, 0f, 0f, 0f, 1f, 0f, 0f, 10f], torch.block_diag(a, b));
        AssertTensor.Equal([4, 2], [1L, 3L, 1L, 4L, 2L, 3L, 2L, 4L], torch.cartesian_prod(Make.Of(1L, 2L), Make.Of(3L,
            4L)));
        AssertTensor.Equal([3, 2], [1L, 2L, 1L, 3L, 2L, 3L], torch.combinations(Make.Of(1L, 2L, 3L)));
        var grid = torch.meshgrid(Make.Of(1L, 2L), Make.Of(3L, 4L));
        AssertTensor.Equal([2, 2], [1L, 1L, 2L, 2L], grid[0]);
        AssertTensor.Equal([2, 2], [3L, 4L, 3L, 4L], grid[1]);
    }
}
