namespace Interp.Torch.Tests.Autograd;

public class GradModeTests
{
    private readonly Tensor x = Make.Of(1.0).requires_grad_();

    [Fact]
    public void Modes_nest_and_are_restored()
    {
        using (torch.no_grad())
        {
            Assert.False(torch.is_grad_enabled());
            using (torch.enable_grad()) Assert.True((x * 2).requires_grad);
            using (torch.enable_grad(false)) Assert.False((x * 2).requires_grad);
            Assert.False((x * 2).requires_grad);
        }
        Assert.True(torch.is_grad_enabled());
    }

    [Fact]
    public void A_mode_is_restored_after_an_exception()
    {
        Assert.Throws<FormatException>(Fail);
        Assert.True(torch.is_grad_enabled());

        static void Fail()
        {
            using var noGrad = torch.no_grad();
            throw new FormatException();
        }
    }

    [Fact]
    public void A_mode_belongs_to_its_thread()
    {
        using var noGrad = torch.no_grad();
        Assert.True(OnAnotherThread(torch.is_grad_enabled));
        Assert.False(torch.is_grad_enabled());
    }

    [Fact]
    public void Leaving_a_mode_on_another_thread_is_an_error()
    {
        using var noGrad = torch.no_grad();
        using var inference = torch.inference_mode();
        Assert.Throws<InvalidOperationException>(() => OnAnotherThread(() => { noGrad.Dispose(); return 0; }));
        Assert.Throws<InvalidOperationException>(() => OnAnotherThread(() => { inference.Dispose(); return 0; }));
    }

    [Fact]
    public void Inference_tensors_cannot_be_recorded_later()
    {
        Tensor y;
        using (torch.inference_mode())
        {
            Assert.False(torch.is_grad_enabled());
            y = x * 2;
        }
        Assert.False(y.requires_grad);
        Assert.Contains("Inference tensors cannot be saved for backward",
            Assert.Throws<TorchException>(() => x * y).Message);
        Assert.True((x * y.clone()).requires_grad);
        using (torch.inference_mode())
        using (torch.inference_mode(false)) Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void Backward_may_run_on_another_thread_than_forward()
    {
        var y = (x * 3).sum();
        OnAnotherThread(() => { y.backward(); return 0; });
        AssertTensor.Equal([3.0], x.grad!);
    }

    private static T OnAnotherThread<T>(Func<T> work)
    {
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try { result = work(); }
            catch (Exception e) { failure = e; }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw failure;
    }
}
