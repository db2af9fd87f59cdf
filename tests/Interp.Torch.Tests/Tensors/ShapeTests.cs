namespace Interp.Torch.Tests.Tensors;

public class ShapeTests
{
    private readonly Tensor x = Make.Counting(2, 3, 4);

    [Fact]
    public void Views_share_memory_and_have_the_shape_asked_for()
    {
        Check([6, 4], x.view(6, 4));
        Check([2, 12], x.view(2, -1));
        Check([24], x.reshape(-1));
        Check([2, 12], x.flatten(1));
        Check([24], x.flatten());
        Check([4, 3, 2], x.transpose(0, 2));
        Check([4, 2, 3], x.permute(2, 0, 1));
        Check([2, 1, 3, 4], x.unsqueeze(1));
        Check([2, 3, 4, 1], x.unsqueeze(-1));
        Check([2, 3, 4], x.unsqueeze(0).squeeze());
        Check([2, 3, 4], x.unsqueeze(0).squeeze(0));
        Check([2, 3, 4], x.squeeze(1));
        Check([5, 2, 3, 4], x.expand(5, -1, -1, -1));
        Check([2, 2, 4], x.narrow(1, 1, 2));
        Check([2, 4], x.select(1, 2));
        Check([2, 3, 2], x.slice(2, 0, null, 2));
        Check([4, 2], x.diagonal());
        Check([2, 3, 2, 2], x.unfold(2, 2, 2));
        Check([2, 3, 4], x.detach());
        Check([2, 3, 4], x.alias());
        Check([3], x.as_strided([3], [4], 1));
        Check([3, 4, 2], x.movedim(0, -1));
        Check([2, 4, 3], x.mT());
        Check([1, 2, 3, 4], x.broadcast_to(1, 2, 3, 4));
        Check([2, 3, 2, 2], x.unflatten(-1, 2, 2));
        Check([4, 6], x.view_as(Make.Counting(4, 6)));
        Check([4, 6], x.reshape_as(Make.Counting(4, 6)));
        Check([2, 3, 4], x[0, 0, 0].expand_as(x));
        foreach (var piece in x.split(2, 2)) Check([2, 3, 2], piece);
        foreach (var piece in x.chunk(3, 1)) Check([2, 1, 4], piece);
        foreach (var piece in x.unbind(1)) Check([2, 4], piece);

        void Check(long[] shape, Tensor view)
        {
            Assert.Equal(shape, view.shape);
            Assert.True(view.shares_storage_with(x));
        }
    }

    [Fact]
    public void Views_see_what_is_written_through_others()
    {
        var (row, transposed) = (x[1, 2], x.transpose(0, 2));
        row.fill_(-5);
        Assert.Equal(-5, transposed[3, 2, 1].item<float>());
        x.zero_();
        AssertTensor.Equal([0f, 0f, 0f, 0f], row);
    }

    [Fact]
    public void A_view_keeps_the_memory_alive()
    {
        var view = x[1, 0];
        x.Dispose();
        GC.Collect();
        AssertTensor.Equal([12f, 13f, 14f, 15f], view);
    }

    [Fact]
    public void Copies_have_memory_of_their_own()
    {
        foreach (var copy in new[]
        {
            x.clone(), x.transpose(0, 1).contiguous(), x.repeat(1, 1, 1), x.flip(0), x.roll([1], [0]), x.tril(),
                x.tile(2),
            x.transpose(0, 1).reshape(-1), x.repeat_interleave(2),
        })
            Assert.False(copy.shares_storage_with(x));
    }

    [Fact]
    public void Contiguous_is_the_tensor_itself_where_it_is_in_order() =>
        Assert.True(x.contiguous().shares_storage_with(x));

    [Fact]
    public void Repetition_and_order_are_PyTorchs()
    {
        var v = Make.Of(1f, 2f, 3f);
        AssertTensor.Equal([2, 6], [1f, 2f, 3f, 1f, 2f, 3f, 1f, 2f, 3f, 1f, 2f, 3f], v.repeat(2, 2));
        AssertTensor.Equal([1f, 1f, 2f, 2f, 3f, 3f], v.repeat_interleave(2));
        AssertTensor.Equal([1f, 3f, 3f], v.repeat_interleave(Make.Of(1L, 0L, 2L)));
        AssertTensor.Equal([1f, 2f, 3f, 1f, 2f, 3f], v.tile(2));
        AssertTensor.Equal([3f, 2f, 1f], v.flip(0));
        AssertTensor.Equal([3f, 1f, 2f], v.roll([1], [0]));
        AssertTensor.Equal([2, 2], [1f, 2f, 2f, 3f], v.unfold(0, 2, 1));
    }

    [Fact]
    public void Triangles_and_diagonals_are_cut_out()
    {
        var m = Make.Counting(3, 3) + 1;
        AssertTensor.Equal([3, 3], [1f, 0f, 0f, 4f, 5f, 0f, 7f, 8f, 9f], m.tril());
        AssertTensor.Equal([3, 3], [0f, 2f, 3f, 0f, 0f, 6f, 0f, 0f, 0f], m.triu(1));
        AssertTensor.Equal([1f, 5f, 9f], m.diag());
        AssertTensor.Equal([2f, 6f], m.diag(1));
        AssertTensor.Equal([2, 2], [1f, 0f, 0f, 2f], Make.Of(1f, 2f).diag());
        AssertTensor.Equal([1, 2, 2], [1f, 0f, 0f, 2f], Make.Shaped([1, 2], 1f, 2f).diag_embed());
        AssertTensor.Equal([2, 2], [9f, 1f, 1f, 9f], torch.ones([2, 2], device: TestDevice.Current).fill_diagonal_(9));
    }

    [Fact]
    public void Pieces_put_together_again_are_the_whole()
    {
        Assert.True(torch.cat(x.split([1, 3], 2), 2).equal(x));
        Assert.True(torch.stack(x.unbind(1), 1).equal(x));
        Assert.True(torch.cat(x.chunk(2)).equal(x));
    }

    [Fact]
    public void Tensors_without_elements_work()
    {
        var empty = torch.zeros([0, 3], device: TestDevice.Current);
        Assert.Equal([3, 0], empty.t().shape);
        Assert.Equal([0, 3], (empty + 1).exp().shape);
        Assert.Equal([0, 2], empty.matmul(torch.ones([3, 2], device: TestDevice.Current)).shape);
        AssertTensor.Equal([3], [0f, 0f, 0f], empty.sum(0));
        Assert.Equal(0, empty.sum().item<float>());
        Assert.Equal([0, 0], torch.cat([empty, empty], 1)[.., 6..].shape);
        Assert.Equal(1, torch.cat([empty, torch.ones([1, 3], device: TestDevice.Current)]).size(0));
        Assert.Empty(empty.ToArray<float>());
        Assert.Equal([0, 2], empty.nonzero().shape);
    }
}
