using System.Numerics;

namespace Interp.Torch.Tests.Tensors;

/// <summary>Transforms against the sum that defines them: X[k] = Σ x[n] exp(−2πi k n / N).</summary>
public class FftTests
{
    private static readonly double[] Signal = [1, -2, 0.5, 3, 2.25, -1, 0];

    [Fact]
    public void The_transform_is_the_sum_that_defines_it()
    {
        var found = torch.fft.fft_(Make.Of(Signal)).ToArray<Complex>();
        for (var k = 0; k < Signal.Length; k++)
            Assert.True(Complex.Abs(Sum(k) - found[k]) < 1e-12, $"frequency {k}: {Sum(k)} against {found[k]}");
        var half = torch.fft.rfft(Make.Of(Signal)).ToArray<Complex>();
        Assert.Equal(Signal.Length / 2 + 1, half.Length);
        for (var k = 0; k < half.Length; k++) Assert.True(Complex.Abs(Sum(k) - half[k]) < 1e-12);

        static Complex Sum(int k) => Signal
            .Select((x, n) => x * Complex.Exp(-2 * Math.PI * Complex.ImaginaryOne * k * n / Signal.Length))
            .Aggregate((a, b) => a + b);
    }

    [Fact]
    public void Inverses_give_the_signal_back()
    {
        var x = Make.Of(Signal);
        AssertTensor.Close(x, torch.fft.ifft(torch.fft.fft_(x)).real(), 1e-12);
        AssertTensor.Close(x, torch.fft.irfft(torch.fft.rfft(x), Signal.Length), 1e-12);
        AssertTensor.Close(x, torch.fft.ifft(torch.fft.fft_(x, norm: "ortho"), norm: "ortho").real(), 1e-12);
        var image = Make.Normal(ScalarType.Float64, 1, 2, 3, 4);
        AssertTensor.Close(image, torch.fft.ifft2(torch.fft.fft2(image)).real(), 1e-12);
    }

    [Fact]
    public void Two_dimensions_are_one_after_the_other()
    {
        var x = Make.Normal(ScalarType.Float64, 1, 3, 4);
        var both = torch.fft.fft2(x);
        Assert.True(both.allclose(torch.fft.fft_(torch.fft.fft_(x), dim: 0), atol: 1e-12));
        Assert.True(torch.fft.rfft2(x).allclose(both[.., ..3], atol: 1e-12));
    }

    [Fact]
    public void Frequencies_are_in_PyTorchs_order()
    {
        AssertTensor.Close([0, 0.25, -0.5, -0.25], torch.fft.fftfreq(4, device: TestDevice.Current));
        AssertTensor.Close([-0.5, -0.25, 0, 0.25], torch.fft.fftshift(torch.fft.fftfreq(4)));
        AssertTensor.Equal([0L, 1, 2], torch.fft.ifftshift(torch.fft.fftshift(torch.arange(3))));
    }
}
