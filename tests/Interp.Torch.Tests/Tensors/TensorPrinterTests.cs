using System.Numerics;

namespace Interp.Torch.Tests.Tensors;

public class TensorPrinterTests
{
    [Fact]
    public void Small_tensors_show_their_values_in_columns()
    {
        Assert.Equal("float32[3] [ 1.0000, -2.5000, 10.0000]", torch.tensor(new[] { 1f, -2.5f, 10f }).ToString());
        Assert.Equal("int64[2, 2]\n[[  1,  20],\n [300,  -4]]", torch.tensor(new[,] { { 1L, 20L }, { 300L,
            -4L } }).ToString());
        Assert.Equal("bool[2] [ True, False]", torch.tensor(new[] { true, false }).ToString());
        Assert.Equal("float32[] 2.5000", torch.tensor(2.5).ToString());
        Assert.Equal("float32[2] [1., 2.]", torch.tensor(new[] { 1f, 2f }).ToString());
        Assert.Equal("float32[0, 3]", torch.zeros([0, 3]).ToString());
    }

    [Fact]
    public void Numbers_of_very_different_sizes_get_exponents() =>
        Assert.Equal("float64[2] [1.0000e-07, 3.0000e+00]", torch.tensor(new[] { 1e-7, 3.0 }).ToString());

    [Fact]
    public void Numbers_that_are_not_finite_are_named() =>
        Assert.Equal("float32[4] [1.5000,    nan,    inf,   -inf]",
            torch.tensor(new[] { 1.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity }).ToString());

    [Fact]
    public void Complex_numbers_show_both_parts() =>
        Assert.Equal("complex128[2] [ 1.5000+2.0000i, -1.0000-0.5000i]",
            torch.tensor(new[] { new Complex(1.5, 2), new Complex(-1, -0.5) }).ToString());

    [Fact]
    public void Large_tensors_show_their_edges()
    {
        Assert.Equal("int64[2000] [   0,    1,    2, …, 1997, 1998, 1999]", torch.arange(2000).ToString());
        var lines = torch.arange(10_000).view(100, 100).ToString().Split('\n');
        Assert.Equal(8, lines.Length);
        Assert.Equal("[[   0,    1,    2, …,   97,   98,   99],", lines[1]);
        Assert.Equal(" …", lines[4]);
        Assert.Equal(" [9900, 9901, 9902, …, 9997, 9998, 9999]]", lines[7]);
    }

    [Fact]
    public void Long_rows_are_wrapped_and_blocks_are_set_apart()
    {
        Assert.All(torch.zeros([200]).ToString().Split('\n'), line => Assert.True(line.Length <= 120, line));
        Assert.Equal("int64[2, 1, 2]\n[[[0, 1]],\n\n [[2, 3]]]", torch.arange(4).view(2, 1, 2).ToString());
    }

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        var x = torch.ones([1]);
        x.Dispose();
        Assert.Equal("disposed tensor", x.ToString());
    }

    [Fact]
    public void Printing_leaves_gradients_and_scopes_alone()
    {
        var x = torch.ones([2]).requires_grad_();
        using var scope = torch.NewDisposeScope();
        Assert.Equal("float32[2] [1., 1.]", x.ToString());
        Assert.Equal(0, scope.Count);
    }
}
