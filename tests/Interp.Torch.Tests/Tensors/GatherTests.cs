namespace Interp.Torch.Tests.Tensors;

public class GatherTests
{
    private readonly Tensor x = Make.Of(new[,] { { 1f, 2f, 3f }, { 4f, 5f, 6f } });

    [Fact]
    public void Elements_are_read_at_indices()
    {
        AssertTensor.Equal([2, 2], [3f, 1f, 6f, 4f], x.index_select(1, Make.Of(2L, 0L)));
        AssertTensor.Equal([2, 1], [3f, 4f], x.gather(1, Make.Of(new[,] { { 2L }, { 0L } })));
        AssertTensor.Equal([2, 1], [2f, 5f], x.take_along_dim(Make.Of(new[,] { { 1L } }), 1));
        AssertTensor.Equal([6f, 1f], x.take(Make.Of(5L, 0L)));
        AssertTensor.Equal([2, 2], [0L, 2L, 1L, 0L], (x.eq(3) | x.eq(4)).nonzero());
        var places = x.ge(5).nonzero_as_list();
        AssertTensor.Equal([1L, 1L], places[0]);
        AssertTensor.Equal([1L, 2L], places[1]);
        AssertTensor.Equal([5f, 6f], x.masked_select(x >= 5));
    }

    [Fact]
    public void Elements_are_written_at_indices()
    {
        var index = Make.Of(new[,] { { 2L }, { 0L } });
        AssertTensor.Equal([2, 3], [1f, 2f, 9f, 8f, 5f, 6f], x.scatter(1, index, Make.Of(new[,] { { 9f }, { 8f } })));
        AssertTensor.Equal([2, 3], [1f, 2f, 12f, 12f, 5f, 6f], x.scatter_add(1, index, Make.Of(new[,] { { 9f },
            { 8f } })));
        AssertTensor.Equal([2, 3], [1f, 2f, 9f, 8f, 5f, 6f],
            x.scatter_reduce(1, index, Make.Of(new[,] { { 9f }, { 8f } }), "amax"));
        AssertTensor.Equal([2, 3], [11f, 2f, 13f, 14f, 5f, 16f],
            x.index_add(1, Make.Of(0L, 2L), torch.full([2, 2], 10, device: TestDevice.Current)));
        var y = x.clone();
        y.scatter_(1, index, 0).index_fill_(1, Make.Of(1L), -1);
        AssertTensor.Equal([2, 3], [1f, -1f, 0f, 0f, -1f, 6f], y);
        y.scatter_(1, index, Make.Of(new[,] { { 9f }, { 8f } }))
            .scatter_add_(1, index, Make.Of(new[,] { { 1f }, { 1f } }))
            .index_add_(0, Make.Of(0L), Make.Of(new[,] { { 100f, 100f, 100f } }))
            .index_copy_(1, Make.Of(1L), Make.Of(new[,] { { 7f }, { 7f } }));
        AssertTensor.Equal([2, 3], [101f, 7f, 110f, 9f, 7f, 6f], y);
    }

    [Fact]
    public void Masks_say_where_to_write()
    {
        var mask = x > 4;
        AssertTensor.Equal([2, 3], [1f, 2f, 3f, 4f, 0f, 0f], x.masked_fill(mask, 0));
        AssertTensor.Equal([2, 3], [1f, 2f, 3f, 4f, 9f, 9f], x.masked_fill(mask, Make.Of(9f)[0]));
        AssertTensor.Equal([2, 3], [1f, 2f, 3f, 4f, 70f, 80f], x.masked_scatter(mask, Make.Of(70f, 80f)));
        AssertTensor.Equal([1f, 2f, 3f, 4f, 5f, 6f], x.flatten());
        AssertTensor.Equal([2, 3], [1f, 2f, 3f, 4f, 70f, 80f], x.clone().masked_scatter_(mask, Make.Of(70f, 80f)));
        AssertTensor.Equal([2, 3], [1f, 2f, 3f, 4f, -1f, -1f], x.masked_fill_(mask, -1));
    }

    [Fact]
    public void Copies_are_broadcast_and_converted()
    {
        AssertTensor.Equal([2, 3], [7f, 8f, 9f, 7f, 8f, 9f], x.copy_(Make.Of(7L, 8L, 9L)));
        Assert.Throws<TorchException>(() => x.copy_(Make.Of(1f, 2f)));
    }
}
