namespace Interp.Torch.Tests;

public class DeviceTests
{
    [Theory]
    [InlineData("cpu", DeviceType.CPU, -1)]
    [InlineData("CUDA", DeviceType.CUDA, -1)]
    [InlineData("cuda:1", DeviceType.CUDA, 1)]
    [InlineData("meta", DeviceType.META, -1)]
    public void Devices_are_read_from_their_names(string text, DeviceType type, int index)
    {
        Assert.Equal(new Device(type, index), Device.Parse(text));
        Assert.Equal(text.ToLowerInvariant(), Device.Parse(text).ToString());
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1:2")]
    [InlineData("")]
    public void Other_names_are_errors(string text) =>
        Assert.Contains("is not a device", Assert.Throws<ArgumentException>(() => Device.Parse(text)).Message);

    [Fact]
    public void A_device_that_is_not_there_is_an_error() =>
        Assert.ThrowsAny<InvalidOperationException>(() => torch.ones([1], device: $"cuda:{torch.cuda.device_count()}"));

    [Fact]
    public void Tensors_move_between_devices()
    {
        var x = torch.tensor(new[] { 1f, 2f });
        var there = x.to(TestDevice.Current);
        Assert.Equal(TestDevice.Current.Type, there.device.Type);
        AssertTensor.Equal([1f, 2f], there.cpu());
        torch.cuda.synchronize(TestDevice.Current);
        Assert.Equal(ScalarType.Float64, x.to(ScalarType.Float64, TestDevice.Current).dtype);
    }
}
