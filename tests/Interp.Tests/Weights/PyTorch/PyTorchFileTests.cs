using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Weights.PyTorch;

public class PyTorchFileTests
{
    private static readonly byte[] Six = TorchBytes.Floats(1, 2, 3, 4, 5, 6);

    private static readonly byte[] Pickle = new PickleBytes().Op("}(")
        .Text("w").Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1])
        .Text("t").Tensor("FloatStorage", "0", 6, 1, [2, 2], [1, 3])
        .Text("config").Op("}(").Text("lr").Float(0.5).Text("n").Number(7).Op("u")
        .Text("losses").Op("](").Float(1).Float(2).Op("e")
        .Op("u").Done();

    public static TheoryData<string> Layouts => ["zip", "deflated", "no folder", "unaligned", "byteorder", "legacy"];

    internal static byte[] File(string layout, byte[] pickle, byte[] data) => layout switch
    {
        "zip" => TorchBytes.Zip(pickle, new() { ["0"] = data }),
        "deflated" => TorchBytes.Zip(pickle, new() { ["0"] = data }, "other-name/", deflate: true),
        "no folder" => TorchBytes.Zip(pickle, new() { ["0"] = data }, ""),
        "unaligned" => TorchBytes.Zip(pickle, new() { ["0"] = [.. data] }, "x/", alignment: 1),
        "byteorder" => TorchBytes.Zip(pickle, new() { ["0"] = data }, byteOrder: "little"),
        _ => TorchBytes.Legacy(pickle, ("0", 4, data)),
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Tensors_and_plain_values_load_from_every_layout(string layout)
    {
        using var folder = new TemporaryFolder();
        using var file = WeightFile.Open(folder.Write("x", File(layout, Pickle, Six)));

        Assert.Equal(layout == "legacy" ? WeightFormat.PyTorchLegacy : WeightFormat.PyTorchZip, file.Format);
        Assert.Equal(["w", "t"], file.Names);
        Assert.Equal("w F32 [2, 3]", file.Info("w").ToString());
        Assert.Equal(24, file.Info("w").Bytes);
        using var w = file.Load("w");
        using var t = file.Load("t");
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], w.ToArray<float>());
        Assert.Equal([2f, 5f, 3f, 6f], t.ToArray<float>());
        Assert.Equal(0.5, file.Values["config.lr"]);
        Assert.Equal(7L, file.Values["config.n"]);
        Assert.Equal([1.0, 2.0], ((PickledSequence)file.Values["losses"]!).Cast<double>());
        Assert.Empty(file.NotLoaded);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Tensors_that_share_a_storage_share_memory_after_the_file_is_gone(string layout)
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, Tensor> tensors;
        using (var file = WeightFile.Open(folder.Write("x", File(layout, Pickle, Six)))) tensors = file.LoadAll();
        tensors["w"].mul_(10);
        Assert.Equal([20f, 50f, 30f, 60f], tensors["t"].ToArray<float>());
    }

    [Fact]
    public void Big_endian_storages_are_swapped()
    {
        using var folder = new TemporaryFolder();
        byte[] big = [.. Six.Chunk(4).SelectMany(bytes => bytes.Reverse())];
        using var file = WeightFile.Open(
            folder.Write("x", TorchBytes.Zip(Pickle, new() { ["0"] = big }, byteOrder: "big")));
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], file.Load("w").ToArray<float>());
        Assert.Equal([2f, 5f, 3f, 6f], file.Load("t").ToArray<float>());
    }

    [Theory]
    [InlineData("DoubleStorage", 8, ScalarType.Float64)]
    [InlineData("HalfStorage", 2, ScalarType.Float16)]
    [InlineData("BFloat16Storage", 2, ScalarType.BFloat16)]
    [InlineData("LongStorage", 8, ScalarType.Int64)]
    [InlineData("IntStorage", 4, ScalarType.Int32)]
    [InlineData("ShortStorage", 2, ScalarType.Int16)]
    [InlineData("CharStorage", 1, ScalarType.Int8)]
    [InlineData("ByteStorage", 1, ScalarType.Byte)]
    [InlineData("BoolStorage", 1, ScalarType.Bool)]
    [InlineData("ComplexFloatStorage", 8, ScalarType.ComplexFloat32)]
    [InlineData("ComplexDoubleStorage", 16, ScalarType.ComplexFloat64)]
    public unsafe void Every_storage_type_loads_bit_for_bit(string storage, int size, ScalarType type)
    {
        byte[] data = [.. Enumerable.Range(0, 3 * size).Select(i => (byte)(type == ScalarType.Bool ? i % 2 : i * 41))];
        var pickle = new PickleBytes().Tensor(storage, "0", 3, 0, [3], [1]).Done();
        using var folder = new TemporaryFolder();
        using var file = WeightFile.Open(folder.Write("x", TorchBytes.Zip(pickle, new() { ["0"] = data })));
        using var tensor = file.Load("tensor");
        Assert.Equal(type, tensor.dtype);
        Assert.Equal(data, new ReadOnlySpan<byte>((void*)tensor.DataPointer, data.Length).ToArray());
    }

    [Fact]
    public void A_type_that_only_its_name_tells_is_widened_through_its_strides()
    {
        // _rebuild_tensor_v3 over an untyped storage: uint16, every other element.
        var pickle = new PickleBytes().Global("torch._utils", "_rebuild_tensor_v3").Op("(")
            .Storage("UntypedStorage", "0", 8, "torch.storage").Number(1).Numbers(2).Numbers(2)
            .Raw(0x89).Op("N").Global("torch", "uint16").Op("tR").Done();
        using var folder = new TemporaryFolder();
        using var file = WeightFile.Open(
            folder.Write("x", TorchBytes.Zip(pickle, new() { ["0"] = [1, 0, 255, 255, 3, 0, 254, 255] })));
        Assert.Equal("tensor U16 [2]", file.Info("tensor").ToString());
        Assert.Equal([65535, 65534], file.Load("tensor").ToArray<int>());
    }

    [Fact]
    public void Parameters_say_that_they_were_parameters()
    {
        var pickle = PickleBytes.Dict("p", p => p.Global("torch._utils", "_rebuild_parameter").Op("(")
            .Tensor("FloatStorage", "0", 6, 0, [6], [1]).Raw(0x88).Op("NtR"));
        using var folder = new TemporaryFolder();
        using var file = (PyTorchFile)WeightFile.Open(folder.Write("x", TorchBytes.Zip(pickle, new() { ["0"] = Six })));
        Assert.True(file.RequiresGrad("p"));
        using var loaded = file.Load("p");
        Assert.False(loaded.requires_grad);
    }

    [Fact]
    public void A_whole_module_gives_the_names_of_its_state_dict()
    {
        static PickleBytes Module(
            PickleBytes p, string type, Action<PickleBytes> parameters, Action<PickleBytes> modules)
        {
            p.Global("__main__", type).Op(")").Raw(0x81).Op("}(").Text("training").Raw(0x88);
            p.Text("_parameters").Op("}(");
            parameters(p);
            p.Op("u").Text("_buffers").Op("}").Text("_modules").Op("}(");
            modules(p);
            return p.Op("uub");
        }

        var pickle = Module(new PickleBytes(), "Net", _ => { }, net => Module(
            net.Text("linear"), "Linear",
            linear => linear.Text("weight").Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1]), _ => { })).Done();
        using var folder = new TemporaryFolder();
        using var file = WeightFile.Open(folder.Write("x", TorchBytes.Zip(pickle, new() { ["0"] = Six })));
        Assert.Equal(["linear.weight"], file.Names);
        Assert.Equal("__main__.Linear", file.NotLoaded["linear"]);
        Assert.Equal(true, file.Values["linear.training"]);
    }

    [Fact]
    public void An_object_of_an_unknown_class_leaves_the_tensors_loadable_and_is_named()
    {
        var pickle = new PickleBytes().Op("}(")
            .Text("config").Global("__main__", "Config").Op(")").Raw(0x81).Op("}").Text("d_model").Number(64).Op("sb")
            .Text("act").Global("torch.nn.functional", "relu")
            .Text("w").Tensor("FloatStorage", "0", 6, 0, [6], [1]).Op("u").Done();
        using var folder = new TemporaryFolder();
        using var file = WeightFile.Open(folder.Write("x", TorchBytes.Zip(pickle, new() { ["0"] = Six })));
        Assert.Equal(["w"], file.Names);
        Assert.Equal("__main__.Config", file.NotLoaded["config"]);
        Assert.Equal("torch.nn.functional.relu", file.NotLoaded["act"]);
        Assert.Equal(64L, file.Values["config.d_model"]);
    }
}
