using System.Text;
using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Weights.SafeTensors;

public class SafeTensorsWriterTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Root, "x.safetensors");
        using var floats = torch.tensor([1f, 2f, 3f, 4f, 5f, 6f], [2, 3]);
        using var transposed = floats.transpose(0, 1);
        using var number = torch.tensor([42L], []);
        using var flags = torch.tensor([true, false, true]);
        using var none = torch.zeros([0, 4], ScalarType.Float16);
        SafeTensorsWriter.Write(
            path,
            new Dictionary<string, Tensor> { ["t"] = transposed, ["n"] = number, ["f"] = flags, ["\"é\n"] = none },
            new Dictionary<string, string> { ["z"] = "1", ["a"] = "é\"\n" });

        using var file = WeightFile.Open(path);
        Assert.Equal("1", file.Metadata["z"]);
        Assert.Equal("é\"\n", file.Metadata["a"]);
        var read = file.LoadAll();
        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], read["t"].ToArray<float>());
        Assert.Equal([3L, 2L], read["t"].shape);
        Assert.Equal(42L, read["n"].ToInt64());
        Assert.Equal([true, false, true], read["f"].ToArray<bool>());
        Assert.Equal([0L, 4L], read["\"é\n"].shape);
        Assert.Equal(ScalarType.Float16, read["\"é\n"].dtype);
    }

    [Fact]
    public void The_bytes_do_not_depend_on_the_order_of_the_dictionaries_and_data_is_aligned()
    {
        using var folder = new TemporaryFolder();
        using var bytes = torch.tensor((byte[])[1, 2, 3]);
        using var floats = torch.tensor([1f]);
        var one = Path.Combine(folder.Root, "1");
        var two = Path.Combine(folder.Root, "2");
        SafeTensorsWriter.Write(
            one, new Dictionary<string, Tensor> { ["b"] = bytes, ["c"] = floats, ["a"] = floats },
            new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" });
        SafeTensorsWriter.Write(
            two, new Dictionary<string, Tensor> { ["a"] = floats, ["b"] = bytes, ["c"] = floats },
            new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" });

        var content = File.ReadAllBytes(one);
        Assert.Equal(content, File.ReadAllBytes(two));
        Assert.Equal(0, BitConverter.ToInt64(content) % 8);
        Assert.Equal(
            """{"__metadata__":{"x":"1","y":"2"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"""
            + ""","c":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"""
            + ""","b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""",
            Encoding.UTF8.GetString(content, 8, (int)BitConverter.ToInt64(content)).TrimEnd(' '));
    }

    [Fact]
    public void A_parameter_that_requires_gradients_is_written()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Root, "x");
        using var parameter = torch.tensor([1f]).requires_grad_();
        SafeTensorsWriter.Write(path, new Dictionary<string, Tensor> { ["p"] = parameter });
        using var file = WeightFile.Open(path);
        using var read = file.Load("p");
        Assert.Equal([1f], read.ToArray<float>());
    }

    [Fact]
    public void A_conjugate_is_written_as_its_numbers()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Root, "x");
        using var parts = torch.tensor([1f, 2f]);
        using var number = torch.complex(parts, parts);
        using var conjugate = number.conj();
        SafeTensorsWriter.Write(path, new Dictionary<string, Tensor> { ["c"] = conjugate });
        using var file = WeightFile.Open(path);
        using var read = file.Load("c").view_as_real();
        Assert.Equal([1f, -1f, 2f, -2f], read.ToArray<float>());
    }

    [Fact]
    public void What_the_format_cannot_hold_is_an_error_and_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("x", "old");
        using var wide = torch.zeros([1], ScalarType.ComplexFloat64);
        using var floats = torch.zeros([1], ScalarType.Float32);

        Assert.Contains("complex128", Assert.Throws<NotSupportedException>(
            () => SafeTensorsWriter.Write(path, new Dictionary<string, Tensor> { ["w"] = wide })).Message);
        Assert.Contains("__metadata__", Assert.Throws<ArgumentException>(
            () => SafeTensorsWriter.Write(path, new Dictionary<string, Tensor> { ["__metadata__"] = floats })).Message);
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void A_write_that_fails_half_way_leaves_the_old_file_and_no_other()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("x", "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Root));
    }
}
