namespace Interp.Torch.Tests.Random;

public class GeneratorTests
{
    [Fact]
    public void The_same_seed_gives_the_same_numbers()
    {
        using var a = new Generator(17, TestDevice.Current);
        using var b = new Generator(17, TestDevice.Current);
        Assert.Equal(Draw(a), Draw(b));
        Assert.NotEqual(Draw(new Generator(18, TestDevice.Current)), Draw(new Generator(17, TestDevice.Current)));
    }

    [Fact]
    public void Numbers_of_seed_0_are_those_of_PyTorch()
    {
        // torch.manual_seed(0): short and long tensors take different paths through the normal distribution.
        AssertTensor.Close([1.5410, -0.2934, -2.1788], torch.randn([3], new Generator(0)), 1e-4);
        AssertTensor.Close([-1.1258, -1.1524, -0.2506, -0.4339], torch.randn([20], new Generator(0))[..4], 1e-4);
        AssertTensor.Close([0.4963, 0.7682, 0.0885], torch.rand([3], new Generator(0)), 1e-4);
        AssertTensor.Equal([4L, 0L, 1L, 3L, 2L], torch.randperm(5, new Generator(0)));
        AssertTensor.Equal([4L, 9L, 3L, 0L, 3L], torch.randint(0, 10, [5], new Generator(0)));
    }

    [Fact]
    public void A_saved_state_goes_on_where_it_was()
    {
        using var generator = new Generator(5, TestDevice.Current);
        Draw(generator);
        var state = generator.get_state();
        var next = Draw(generator);
        generator.set_state(state);
        Assert.Equal(next, Draw(generator));
        using var other = new Generator(0, TestDevice.Current);
        other.set_state(state);
        Assert.Equal(next, Draw(other));
        generator.manual_seed(5);
        Assert.NotEqual(next, Draw(generator));
    }

    [Fact]
    public void Generators_do_not_disturb_each_other()
    {
        using var a = new Generator(1);
        using var b = new Generator(1);
        var first = torch.randn([4], a).ToArray<float>();
        torch.randn([4]);
        Assert.Equal(first, torch.randn([4], b).ToArray<float>());
    }

    [Fact]
    public void A_wrong_state_is_an_error()
    {
        using var generator = new Generator(1);
        Assert.Throws<TorchException>(() => generator.set_state(torch.zeros([3], ScalarType.Byte)));
        Assert.Throws<TorchException>(() => generator.set_state(torch.zeros([3])));
        Assert.Throws<TorchException>(() => generator.set_state(torch.zeros(generator.get_state().shape,
            ScalarType.Byte)));
    }

    [Fact]
    public void A_disposed_generator_is_an_error()
    {
        var generator = new Generator(1);
        generator.Dispose();
        generator.Dispose();
        Assert.Throws<ObjectDisposedException>(() => torch.randn([1], generator));
        Assert.Throws<ObjectDisposedException>(() => generator.manual_seed(1));
    }

    [Fact]
    public void Distributions_have_their_means_and_ranges()
    {
        using var generator = new Generator(3, TestDevice.Current);
        Tensor Empty() => torch.empty([20_000], device: TestDevice.Current);
        Near(0.5, torch.rand([20_000], generator, device: TestDevice.Current));
        Near(3, Empty().uniform_(2, 4, generator));
        Near(-1, Empty().normal_(-1, 0.5, generator));
        Near(0.25, Empty().bernoulli_(0.25, generator));
        Near(0.25, torch.full([20_000], 0.25, device: TestDevice.Current).bernoulli(generator));
        Near(0.5, Empty().exponential_(2, generator));
        Near(4.5, Empty().random_(0, 10, generator));
        Near(1.5, torch.randint(0, 4, [20_000], generator, device: TestDevice.Current).@float());
        var drawn = Make.Of(0f, 3f, 1f).multinomial(8_000, true, generator);
        Near(0.75, drawn.eq(1).@float());
        Assert.Equal(0, drawn.eq(0).sum().item<long>());
        AssertTensor.Equal([.. Enumerable.Range(0, 50).Select(k => (long)k)],
            torch.randperm(50, generator, device: TestDevice.Current).sort().values);

        static void Near(double mean, Tensor sample) => Assert.Equal(mean, sample.mean().item<double>(), 0.03);
    }

    private static float[] Draw(Generator generator) =>
        torch.randn([5], generator, device: TestDevice.Current).ToArray<float>();
}
