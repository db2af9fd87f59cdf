using System.IO.Compression;
using System.Runtime.InteropServices;
using Interp.Tensors;
using Interp.Tests.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Formats;

/// <summary>Writes what <c>torch.save</c> writes for a state dict, and <c>numpy.savez</c> for arrays.</summary>
internal static class TorchState
{
    /// <summary>A dictionary of float32 tensors with more values between them.</summary>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors,
        Action<PickleBytes>? more = null)
    {
        var (pickle, storages) = (new PickleBytes().Op("}("), new List<byte[]>());
        foreach (var (name, tensor) in tensors)
        {
            var (type, bytes) = Storage(tensor);
            var strides = new long[tensor.dim()];
            var stride = 1L;
            for (var i = strides.Length - 1; i >= 0; stride *= tensor.size(i--)) strides[i] = stride;
            pickle.Text(name).Tensor(type, $"{storages.Count}", tensor.numel(), 0, tensor.shape, strides);
            storages.Add(bytes);
        }

        more?.Invoke(pickle);
        Zip(path, [("archive/data.pkl", pickle.Op("u").Done()),
            .. storages.Select((bytes, i) => ($"archive/data/{i}", bytes)), ("archive/version", "3\n"u8.ToArray())]);
    }

    /// <summary>Arrays of float32.</summary>
    public static void WriteNpz(string path, IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        Zip(path, [.. tensors.Select(pair => (pair.Name + ".npy", NpyBytes.Array("<f4",
            string.Concat(pair.Tensor.shape.Select(size => size + ", ")), Storage(pair.Tensor).Bytes)))]);

    private static (string Type, byte[] Bytes) Storage(Tensor tensor) => tensor.dtype == ScalarType.Int64
        ? ("LongStorage", MemoryMarshal.AsBytes<long>(tensor.contiguous().flatten().ToArray<long>()).ToArray())
        : ("FloatStorage", MemoryMarshal.AsBytes<float>(tensor.contiguous().flatten().ToArray<float>()).ToArray());

    private static void Zip(string path, (string Name, byte[] Bytes)[] entries)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, bytes) in entries)
        {
            using var stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
            stream.Write(bytes);
        }
    }
}
