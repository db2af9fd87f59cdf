namespace Interp.Torch.Tests.Tensors;

/// <summary>Every form of x[…], read and written, on a 3 × 4 matrix of 0 to 11 and larger ones.</summary>
public class IndexingTests
{
    private readonly Tensor x = Make.Counting(3, 4);

    [Fact]
    public void Positions_take_a_dimension_away()
    {
        AssertTensor.Equal([4f, 5f, 6f, 7f], x[1]);
        AssertTensor.Equal([8f, 9f, 10f, 11f], x[-1]);
        AssertTensor.Equal([8f, 9f, 10f, 11f], x[^1]);
        Assert.Equal(6, x[1, 2].item<float>());
        Assert.Equal(6, x[1L, -2].item<float>());
        Assert.Equal([], x[1, 2].shape);
    }

    [Fact]
    public void Ranges_keep_a_dimension()
    {
        AssertTensor.Equal([2, 4], [4f, 5f, 6f, 7f, 8f, 9f, 10f, 11f], x[1..]);
        AssertTensor.Equal([3, 2], [1f, 2f, 5f, 6f, 9f, 10f], x[.., 1..3]);
        AssertTensor.Equal([3, 2], [2f, 3f, 6f, 7f, 10f, 11f], x[.., ^2..]);
        AssertTensor.Equal([3, 3], [0f, 1f, 2f, 4f, 5f, 6f, 8f, 9f, 10f], x[.., ..^1]);
        AssertTensor.Equal([2, 2], [0f, 2f, 8f, 10f], x[TensorIndex.Slice(step: 2), TensorIndex.Slice(0, null, 2)]);
        Assert.Equal([0, 4], x[2..2].shape);
        Assert.Equal([0, 4], x[^0..].shape);
        Assert.Equal([3, 4], x[..100].shape);
    }

    [Fact]
    public void An_ellipsis_stands_for_what_is_not_named()
    {
        var y = Make.Counting(2, 3, 4);
        AssertTensor.Equal([2, 3], [3f, 7f, 11f, 15f, 19f, 23f], y[TensorIndex.Ellipsis, -1]);
        AssertTensor.Equal([3], [1f, 5f, 9f], y[0, TensorIndex.Ellipsis, 1]);
        Assert.Equal([2, 3, 4], y[TensorIndex.Ellipsis].shape);
        Assert.Equal(23, y[1, 2, 3, TensorIndex.Ellipsis].item<float>());
    }

    [Fact]
    public void New_axes_have_size_one()
    {
        Assert.Equal([1, 3, 4], x[TensorIndex.None].shape);
        Assert.Equal([3, 1, 4], x[.., TensorIndex.None].shape);
        Assert.Equal([1, 4, 1], x[TensorIndex.None, 0, TensorIndex.Ellipsis, TensorIndex.None].shape);
    }

    [Fact]
    public void Positions_ranges_and_axes_give_views()
    {
        foreach (var view in new[] { x[1], x[1..], x[.., ^1], x[TensorIndex.None], x[TensorIndex.Ellipsis] })
            Assert.True(view.shares_storage_with(x));
        x[1, ..2].fill_(-1);
        AssertTensor.Equal([-1f, -1f, 6f, 7f], x[1]);
    }

    [Fact]
    public void Tensors_of_positions_give_copies()
    {
        AssertTensor.Equal([2, 4], [8f, 9f, 10f, 11f, 0f, 1f, 2f, 3f], x[Make.Of(2L, 0L)]);
        AssertTensor.Equal([1f, 6f, 11f], x[Make.Of(0L, 1L, 2L), Make.Of(1L, 2L, 3L)]);
        AssertTensor.Equal([3, 2], [0f, 3f, 4f, 7f, 8f, 11f], x[.., Make.Of(0L, 3L)]);
        AssertTensor.Equal([2f, 10f], x[Make.Of(0L, 2L), 2]);
        AssertTensor.Equal([6f, 4f], x[1, Make.Of(2L, 0L)]);
        AssertTensor.Equal([2, 2], [0f, 1f, 4f, 5f], x[Make.Shaped([2, 1], 0L, 1L), Make.Shaped([1, 2], 0L, 1L)]);
        Assert.False(x[Make.Of(0L)].shares_storage_with(x));
    }

    [Fact]
    public void Tensors_after_an_ellipsis_or_a_range_count_from_their_place()
    {
        var y = Make.Counting(2, 3, 4);
        AssertTensor.Equal([2, 3, 1], [3f, 7f, 11f, 15f, 19f, 23f], y[TensorIndex.Ellipsis, Make.Of(3L)]);
        AssertTensor.Equal([1, 2], [16f, 19f], y[1.., 1, Make.Of(0L, 3L)]);
        AssertTensor.Equal([2, 1, 2], [4f, 7f, 16f, 19f], y[.., TensorIndex.None, 1, Make.Of(0L, 3L)]);
    }

    [Fact]
    public void Masks_choose_the_true_places()
    {
        AssertTensor.Equal([9f, 10f, 11f], x[x > 8]);
        AssertTensor.Equal([2, 4], [0f, 1f, 2f, 3f, 8f, 9f, 10f, 11f], x[Make.Of(true, false, true)]);
        AssertTensor.Equal([3, 1], [3f, 7f, 11f], x[.., Make.Of(false, false, false, true)]);
        AssertTensor.Equal([0], Array.Empty<float>(), x[x > 100]);
        var y = Make.Counting(2, 3, 4);
        AssertTensor.Equal([1f, 21f], y[TensorIndex.Tensor(Make.Of(new[,] { { true, false, false }, { false, false,
            true } })), 1]);
    }

    [Fact]
    public void Assignment_writes_where_reading_reads()
    {
        x[0] = Make.Of(-1f);
        x[1, 1..3] = Make.Of(50f, 60f);
        x[^1, ^1] = Make.Of(99f)[0];
        AssertTensor.Equal([3, 4], [-1f, -1f, -1f, -1f, 4f, 50f, 60f, 7f, 8f, 9f, 10f, 99f], x);
        x[x < 0] = Make.Of(0f);
        x[Make.Of(1L, 2L), Make.Of(0L, 0L)] = Make.Of(70f, 80f);
        x[TensorIndex.Ellipsis, TensorIndex.Slice(1, null, 2)] = Make.Shaped([3, 1], 1f, 2f, 3f);
        AssertTensor.Equal([3, 4], [0f, 1f, 0f, 1f, 70f, 2f, 60f, 2f, 80f, 3f, 10f, 3f], x);
    }

    [Fact]
    public void Assignment_converts_the_element_type()
    {
        x[0] = Make.Of(7L);
        x[Make.Of(1L)] = Make.Of(8.0);
        Assert.Equal([7f, 8f], new[] { x[0, 0].item<float>(), x[1, 3].item<float>() });
        Assert.Equal(ScalarType.Float32, x.dtype);
    }

    [Fact]
    public void Numbers_are_filled_in_where_an_index_says()
    {
        x.fill_(0, x > 4);
        x.fill_(-1, 0, 1..3);
        Assert.Same(x, x.fill_(5, Make.Of(2L), Make.Of(0L)));
        AssertTensor.Equal([3, 4], [0f, -1f, -1f, 3f, 4f, 0f, 0f, 0f, 5f, 0f, 0f, 0f], x);
    }

    [Fact]
    public void Compound_assignment_goes_through_the_index()
    {
        x[1] += 100;
        x[.., 0] *= 2;
        AssertTensor.Equal([208f, 105f, 106f, 107f], x[1]);
        AssertTensor.Equal([0f, 208f, 16f], x[.., 0]);
    }

    [Fact]
    public void Values_put_at_the_same_position_twice_can_add_up()
    {
        var counts = Make.Of(0f, 0f, 0f);
        counts.index_put_([Make.Of(1L, 1L, 2L)], Make.Of(1f, 1f, 1f), accumulate: true);
        AssertTensor.Equal([0f, 2f, 1f], counts);
        AssertTensor.Equal([5f, 2f, 1f], counts.index_put([Make.Of(0L)], Make.Of(5f)));
        AssertTensor.Equal([0f, 2f, 1f], counts);
    }

    [Fact]
    public void A_bad_index_is_an_error()
    {
        Assert.Contains("out of range", Assert.Throws<TorchException>(() => x[3]).Message);
        Assert.Contains("out of range", Assert.Throws<TorchException>(() => x[0, -5]).Message);
        Assert.Contains("names 3 dimensions", Assert.Throws<ArgumentException>(() => x[0, 0, 0]).Message);
        Assert.Contains("one ellipsis", Assert.Throws<ArgumentException>(
            () => x[TensorIndex.Ellipsis, TensorIndex.Ellipsis]).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => TensorIndex.Slice(step: -1));
        Assert.Throws<TorchException>(() => x[0] = Make.Of(1f, 2f));
        Assert.Throws<TorchException>(() => x[Make.Of(true, false)]);
        Assert.Throws<TorchException>(() => x[Make.Of(0.5f)]);
        if (TestDevice.IsCpu) Assert.Contains("out of bounds",
            Assert.ThrowsAny<Exception>(() => x[Make.Of(7L)]).Message);
    }

    [Fact]
    public void Gradients_flow_through_indices()
    {
        var y = Make.Leaf(1, 3, 4);
        (y[1, ..2].sum() + (y[Make.Of(2L, 2L), 3] * 10).sum()).backward();
        AssertTensor.Close([0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 20], y.grad!);
    }
}
