namespace Interp.Torch.Tests.Support;

/// <summary>
/// Where the tests that do not care about the device put their tensors: the processor, or the device named by
/// <c>INTERP_TEST_DEVICE</c>, for example <c>cuda</c>.
/// </summary>
public static class TestDevice
{
    /// <summary>The device.</summary>
    public static Device Current { get; } =
        Environment.GetEnvironmentVariable("INTERP_TEST_DEVICE") is { Length: > 0 } name
            ? Device.Parse(name)
            : Device.CPU;

    /// <summary>Whether it is the processor.</summary>
    public static bool IsCpu => Current.Type == DeviceType.CPU;
}
