namespace Interp.Torch.Tests;

public class DisposeScopeTests
{
    [Fact]
    public void A_scope_frees_what_was_made_inside()
    {
        var outside = Make.Of(1f);
        Tensor inside, intermediate;
        using (var scope = torch.NewDisposeScope())
        {
            intermediate = outside + 1;
            inside = intermediate * 2;
            Assert.Equal(2, scope.Count);
            Assert.Same(scope, DisposeScope.Current);
        }
        Assert.True(inside.IsDisposed);
        Assert.True(intermediate.IsDisposed);
        Assert.False(outside.IsDisposed);
        Assert.Null(DisposeScope.Current);
    }

    [Fact]
    public void A_tensor_moves_out_one_scope_at_a_time()
    {
        using var outer = torch.NewDisposeScope();
        Tensor x, y;
        using (var inner = torch.NewDisposeScope())
        {
            Assert.Same(outer, inner.Outer);
            x = Make.Of(1f).MoveToOuterDisposeScope();
            y = inner.MoveToOuter(Make.Of(2f));
            Assert.Equal(0, inner.Count);
        }
        Assert.False(x.IsDisposed);
        Assert.Equal(2, outer.Count);
        x.MoveToOuterDisposeScope();
        outer.Dispose();
        Assert.False(x.IsDisposed);
        Assert.True(y.IsDisposed);
    }

    [Fact]
    public void A_detached_tensor_belongs_to_whoever_holds_it()
    {
        Tensor x;
        using (var scope = torch.NewDisposeScope())
        {
            x = Make.Of(1f).DetachFromDisposeScope();
            Assert.Equal(0, scope.Count);
        }
        Assert.Equal(1, x.item<float>());
        x.Dispose();
    }

    [Fact]
    public void A_tensor_disposed_early_leaves_its_scope()
    {
        using var scope = torch.NewDisposeScope();
        var tensors = Enumerable.Range(0, 5).Select(k => Make.Of((float)k)).ToArray();
        tensors[1].Dispose();
        tensors[1].Dispose();
        tensors[4].Dispose();
        tensors[0].Dispose();
        Assert.Equal(2, scope.Count);
        scope.DisposeEverything();
        Assert.All(tensors, tensor => Assert.True(tensor.IsDisposed));
        Assert.Equal(1, (Make.Of(1f) * 1).item<float>());
    }

    [Fact]
    public void Scopes_end_in_the_order_they_were_opened()
    {
        var outer = torch.NewDisposeScope();
        var inner = torch.NewDisposeScope();
        var x = Make.Of(1f);
        Assert.Throws<InvalidOperationException>(outer.Dispose);
        Assert.False(x.IsDisposed);
        inner.Dispose();
        outer.Dispose();
        outer.Dispose();
        Assert.True(x.IsDisposed);
    }

    [Fact]
    public void A_scope_belongs_to_its_thread()
    {
        using var scope = torch.NewDisposeScope();
        var x = Make.Of(1f);
        Tensor? other = null;
        List<Exception?> errors = [];
        var thread = new Thread(() =>
        {
            other = torch.ones([1]);
            errors.Add(Record.Exception(scope.Dispose));
            errors.Add(Record.Exception(() => x.MoveToOuterDisposeScope()));
            errors.Add(Record.Exception(() => x.DetachFromDisposeScope()));
        });
        thread.Start();
        thread.Join();
        Assert.All(errors, error => Assert.IsType<InvalidOperationException>(error));
        Assert.Equal(1, scope.Count);
        Assert.False(other!.IsDisposed);
    }

    [Fact]
    public void A_tensor_may_be_disposed_by_another_thread()
    {
        var scope = torch.NewDisposeScope();
        var x = Make.Of(1f);
        var thread = new Thread(x.Dispose);
        thread.Start();
        thread.Join();
        Assert.True(x.IsDisposed);
        scope.Dispose();
    }

    [Fact]
    public void A_shared_tensor_lives_until_its_last_owner_is_gone()
    {
        var x = Make.Of(1f, 2f);
        var y = x.Share();
        y.fill_(3);
        AssertTensor.Equal([3f, 3f], x);
        x.Dispose();
        AssertTensor.Equal([3f, 3f], y);
    }

    [Fact]
    public void Using_a_disposed_tensor_is_an_error_that_says_what_to_do()
    {
        var x = Make.Of(1f);
        x.Dispose();
        Action[] uses =
        [
            () => x.add(1), () => Make.Of(1f).add(x), () => x.item<float>(), () => x.ToArray<float>(),
                () => _ = x.shape,
            () => _ = x[0], () => torch.cat([Make.Of(1f), x]), () => x.backward(), () => _ = x.dtype, () => x.Share(),
            () => Make.Of(1f)[0] = x, () => x.add_(1), () => _ = x.data_ptr, () => _ = x.grad,
        ];
        foreach (var use in uses)
            Assert.Contains("MoveToOuterDisposeScope", Assert.Throws<ObjectDisposedException>(use).Message);
    }
}
