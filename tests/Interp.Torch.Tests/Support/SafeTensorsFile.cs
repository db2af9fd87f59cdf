using System.Buffers.Binary;
using System.Text.Json;

namespace Interp.Torch.Tests.Support;

/// <summary>
/// The float32 and int64 tensors of a trusted safetensors file. The toolkit's own reader stands above the engine, so
/// tests of the engine cannot use it.
/// </summary>
public static class SafeTensorsFile
{
    /// <summary>All tensors by name.</summary>
    public static Dictionary<string, Tensor> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, headerLength));
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__") continue;
            var shape = Longs(entry.Value, "shape");
            var offsets = Longs(entry.Value, "data_offsets");
            var data = bytes.AsSpan(8 + headerLength + (int)offsets[0], (int)(offsets[1] - offsets[0]));
            switch (entry.Value.GetProperty("dtype").GetString())
            {
                case "F32": tensors[entry.Name] = Read<float>(data, shape); break;
                case "F64": tensors[entry.Name] = Read<double>(data, shape); break;
                case "I64": tensors[entry.Name] = Read<long>(data, shape); break;
            }
        }
        return tensors;
    }

    private static long[] Longs(JsonElement entry, string name) =>
        [.. entry.GetProperty(name).EnumerateArray().Select(size => size.GetInt64())];

    private static Tensor Read<T>(Span<byte> data, long[] shape) where T : unmanaged =>
        torch.tensor((ReadOnlySpan<T>)System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(data), shape,
            device: TestDevice.Current);
}
