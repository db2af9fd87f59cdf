using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Tensors;

/// <summary>Operators of libtorch by their schemas' names.</summary>
public sealed class OperatorTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Numbers_lists_texts_and_absent_arguments_are_passed()
    {
        var x = torch.arange(6, ScalarType.Float32).view(2, 3);
        var sums = new Operator("aten::scatter_reduce", "two").Call(torch.zeros([2, 2]), 1L,
            torch.tensor(new long[] { 0, 1, 0, 1, 1, 1 }).view(2, 3), x, "sum", true);
        Assert.Equal([2f, 1f, 0f, 12f], sums.ToArray<float>());
        Assert.Equal(3, new Operator("aten::split", "Tensor").CallList(x, 1L, 1L).Length);
        var normed = new Operator("aten::native_layer_norm").CallMany(3, x, new long[] { 3 }, OperatorArgument.None, OperatorArgument.None, 1e-5);
        Assert.Equal(0, normed[0].sum().ToDouble(), 1e-5);
    }

    [Fact]
    public void Autograd_records_through_it()
    {
        var x = torch.ones([2, 2]).requires_grad_();
        Gradients.Backward(new Operator("aten::matmul").Call(x, torch.full([2, 1], 3f)).sum());
        Assert.Equal([3f, 3f, 3f, 3f], x.grad!.ToArray<float>());
    }

    [Fact]
    public void What_libtorch_refuses_is_an_exception_that_names_the_operator()
    {
        Assert.Contains("aten::mm", Assert.Throws<TorchException>(
            () => new Operator("aten::mm").Call(torch.ones([2, 3]), torch.ones([2, 3]))).Message);
        Assert.Throws<TorchException>(() => new Operator("aten::no_such_thing").Call(torch.ones([1])));
    }

    [Fact]
    public void A_call_leaves_no_tensors_behind()
    {
        var x = torch.ones([4]);
        var before = Tensor.TotalCount;
        for (var k = 0; k < 100; k++) new Operator("aten::relu").Call(x).Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }
}
