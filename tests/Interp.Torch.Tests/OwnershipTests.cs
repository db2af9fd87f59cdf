namespace Interp.Torch.Tests;

/// <summary>Who frees what, and that everything is freed.</summary>
[Collection(RunsAlone.Name)]
public class OwnershipTests
{
    [Fact]
    [NoLiveTensors]
    public void The_finalizer_frees_what_nobody_disposed()
    {
        for (var k = 0; k < 10_000; k++) Make.Of(1f).add(2).mul(3);
    }

    [Fact]
    [NoLiveTensors]
    public void A_training_step_leaves_nothing_behind()
    {
        using var scope = torch.NewDisposeScope();
        var (weight, x) = (Make.Normal(1, 4, 3).requires_grad_(), Make.Normal(2, 8, 3));
        using var optimizer = new AdamW([weight]);
        for (var step = 0; step < 3; step++)
        {
            using var inner = torch.NewDisposeScope();
            optimizer.zero_grad();
            F.cross_entropy(F.linear(x, weight), torch.zeros([8], ScalarType.Int64, TestDevice.Current)).backward();
            torch.nn.utils.clip_grad_norm_([weight], 1);
            optimizer.step();
        }
    }

    [Fact]
    [NoLiveTensors]
    public void Errors_leave_nothing_behind()
    {
        using var scope = torch.NewDisposeScope();
        var x = Make.Counting(2, 3);
        Assert.Throws<TorchException>(() => x.matmul(x));
        Assert.Throws<TorchException>(() => x[7]);
        Assert.Throws<TorchException>(() => F.fused_attention(x, x, x, null, false, 1));
    }

    [Fact]
    [NoLiveTensors]
    public void Hooks_and_custom_functions_leave_nothing_behind()
    {
        for (var k = 0; k < 20; k++) Run();

        static void Run()
        {
            using var scope = torch.NewDisposeScope();
            var x = Make.Leaf(1, 3);
            var y = new SaveEverything().Apply(x)[0];
            y.register_hook(grad => grad * 2);
            if (x.numel() == 3) y.sum().backward();
            // And one whose graph is never used.
            new SaveEverything().Apply(x);
        }
    }

    [Fact]
    public void What_a_custom_function_saved_is_freed_by_backward()
    {
        using var scope = torch.NewDisposeScope();
        var x = Make.Leaf(1, 3);
        var function = new SaveEverything();
        var y = function.Apply(x)[0].sum();
        Assert.All(function.Kept, tensor => Assert.False(tensor.IsDisposed));
        y.backward();
        Assert.Equal(2, function.Kept.Count);
        Assert.All(function.Kept, tensor => Assert.True(tensor.IsDisposed));
    }

    [Fact]
    public void The_leak_check_finds_a_leak()
    {
        var check = new NoLiveTensorsAttribute();
        var method = typeof(OwnershipTests).GetMethod(nameof(The_leak_check_finds_a_leak))!;
        check.Before(method);
        using var leaked = Make.Of(1f);
        var error = Assert.Throws<InvalidOperationException>(() => check.After(method));
        Assert.Contains("left 1 live objects", error.Message);
        leaked.Dispose();
        check.After(method);
    }

    [Fact]
    public void The_count_follows_every_tensor()
    {
        var before = Tensor.TotalCount;
        var x = torch.ones([2]);
        var view = x[0];
        Assert.Equal(before + 2, Tensor.TotalCount);
        view.Dispose();
        x.Dispose();
        x.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    private sealed class SaveEverything : CustomFunction
    {
        internal List<Tensor> Kept { get; } = [];

        protected override Tensor[] Forward(Tensor[] inputs)
        {
            var result = inputs[0].exp();
            Kept.Add(Save(inputs[0]));
            Kept.Add(Save(result));
            return [result];
        }

        protected override Tensor?[] Backward(Tensor?[] gradOutputs) => [gradOutputs[0]! * Kept[1]];
    }
}
