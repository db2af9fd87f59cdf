namespace Interp.Torch;

public static partial class torch
{
    /// <summary>
    /// Seeds the generators that are used where none is given, of the processor and of every GPU; returns the
    /// processor's. Code of the toolkit takes a <see cref="Generator"/> instead.
    /// </summary>
    public static Generator manual_seed(ulong seed)
    {
        for (var k = 0; k < cuda.device_count(); k++)
            using (var generator = Generator.Default(new Device(DeviceType.CUDA, k))) generator.manual_seed(seed);
        var processor = Generator.Default();
        processor.manual_seed(seed);
        return processor;
    }
}
