namespace Interp.Torch;

public static partial class torch
{
    /// <summary>The GPUs of the machine.</summary>
    public static class cuda
    {
        /// <summary>Whether a GPU can be used.</summary>
        public static bool is_available() => device_count() > 0;

        /// <summary>The number of GPUs.</summary>
        public static int device_count() => Engine.DeviceCount(DeviceType.CUDA);

        /// <summary>Waits until a GPU has done all its work.</summary>
        public static void synchronize(Device? device = null) =>
            Engine.Synchronize(device ?? new Device(DeviceType.CUDA, 0));
    }
}
