namespace Interp.Torch.Tests.Tensors;

public class CombineTests
{
    private readonly Tensor a = Make.Normal(1, 3, 4), b = Make.Normal(2, 4, 5);

    [Fact]
    public void Tensors_are_joined_along_old_and_new_dimensions()
    {
        AssertTensor.Equal([1f, 2f, 3f], torch.cat([Make.Of(1f, 2f), Make.Of(3f)]));
        AssertTensor.Equal([2, 2], [1f, 2f, 3f, 4f], torch.stack([Make.Of(1f, 3f), Make.Of(2f, 4f)], -1));
        Assert.Equal([2, 3], torch.broadcast_tensors(Make.Of(1f), Make.Counting(2, 3))[0].shape);
    }

    [Fact]
    public void Matrix_products_agree_with_sums_of_products()
    {
        var expected = new double[15];
        var (x, y) = (a.ToArray<float>(), b.ToArray<float>());
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 5; j++)
                for (var k = 0; k < 4; k++) expected[5 * i + j] += x[4 * i + k] * y[5 * k + j];
        AssertTensor.Close(expected, a.matmul(b));
        AssertTensor.Close(expected, a.mm(b));
        AssertTensor.Close(expected, torch.einsum("ik,kj->ij", a, b));
        AssertTensor.Close(expected, torch.tensordot(a, b, [1], [0]));
        AssertTensor.Close(expected, a.unsqueeze(0).bmm(b.unsqueeze(0)));
        AssertTensor.Close(expected, F.linear(a, b.t()));
        AssertTensor.Close(expected, torch.addmm(torch.zeros([5], device: TestDevice.Current), a, b));
        AssertTensor.Close(expected, (a.unsqueeze(2) * b.unsqueeze(0)).sum(1));
        AssertTensor.Close(a.matmul(b)[.., 0], a.mv(b[.., 0]));
        AssertTensor.Close(a.matmul(b)[0, 0], a[0].dot(b[.., 0]));
        AssertTensor.Close(a[0].unsqueeze(1).matmul(b[0].unsqueeze(0)), a[0].outer(b[0]));
        AssertTensor.Close(a.matmul(b) * 3 + 2, torch.ones([3, 5], device: TestDevice.Current).addmm_(a, b, 2, 3));
        AssertTensor.Close(a.matmul(b).unsqueeze(0) * 3 + 2,
            torch.ones([1, 3, 5], device: TestDevice.Current).baddbmm(a.unsqueeze(0), b.unsqueeze(0), 2, 3));
    }

    [Fact]
    public void Batches_of_matrices_are_broadcast()
    {
        var batch = Make.Normal(3, 2, 1, 3, 4);
        var product = batch.matmul(b.expand(6, 4, 5));
        Assert.Equal([2, 6, 3, 5], product.shape);
        AssertTensor.Close(batch[1, 0].matmul(b), product[1, 5]);
    }

    [Fact]
    public void Distances_and_insertion_points()
    {
        AssertTensor.Close([5, 0], torch.cdist(Make.Of(new[,] { { 0f, 0f } }), Make.Of(new[,] { { 3f, 4f }, { 0f,
            0f } })));
        AssertTensor.Equal([0L, 1L], torch.searchsorted(Make.Of(1f, 2f), Make.Of(1f, 2f)));
        AssertTensor.Equal([1L, 2L], torch.searchsorted(Make.Of(1f, 2f), Make.Of(1f, 2f), right: true));
    }

    [Fact]
    public void Thousands_of_tensors_can_be_joined()
    {
        using var scope = torch.NewDisposeScope();
        var many = Enumerable.Range(0, 40_000).Select(_ => a).ToArray();
        Assert.Equal([120_000, 4], torch.cat(many).shape);
        Assert.Equal(5_000, torch.zeros([10_000]).split(2).Length);
    }

    [Fact]
    public void A_long_list_of_sizes_is_handed_over_whole()
    {
        var sizes = Enumerable.Repeat(1L, 3000).ToArray();
        using var scope = torch.NewDisposeScope();
        Assert.Equal(3000, torch.arange(3000).split(sizes).Length);
        Assert.Equal(sizes, torch.zeros(sizes).shape);
    }
}
