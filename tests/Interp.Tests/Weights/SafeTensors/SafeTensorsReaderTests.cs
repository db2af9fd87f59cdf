using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static Interp.Tests.Weights.SafeTensorsBytes;
using static TorchSharp.torch;

namespace Interp.Tests.Weights.SafeTensors;

public class SafeTensorsReaderTests
{
    private static readonly byte[] Ones = BitConverter.GetBytes(1.0f);

    [Fact]
    public void Names_types_shapes_and_metadata_are_known_before_any_data_is_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a", File(
            """{"__metadata__":{"format":"pt","naïve":"é\n"},""" + Entry("b.w", "F32", "2,1", 0, 8) + ","
            + Entry("a", "I64", "", 8, 16) + "}    ", [.. Ones, .. Ones, .. BitConverter.GetBytes(-5L)]));
        using var file = WeightFile.Open(path);

        Assert.Equal(WeightFormat.SafeTensors, file.Format);
        Assert.Equal(["b.w", "a"], file.Names);
        Assert.Equal("b.w F32 [2, 1]", file.Info("b.w").ToString());
        Assert.Equal("a I64 []", file.Info("a").ToString());
        Assert.Equal(8L, file.Info("a").Bytes);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal("é\n", file.Metadata["naïve"]);
        using var a = file.Load("a");
        Assert.Equal(-5L, a.ToInt64());
        Assert.Empty(a.shape);
    }

    [Fact]
    public void A_file_of_no_tensors_is_a_file() => Assert.Empty(Loaded(File("{}")));

    [Theory]
    [InlineData("0")]
    [InlineData("3,0,5")]
    public void A_tensor_without_elements_has_its_shape(string shape)
    {
        using var tensor = Loaded(One("F32", shape, []))["x"];
        Assert.Equal(shape, string.Join(",", tensor.shape));
        Assert.Empty(tensor.ToArray<float>());
    }

    [Theory]
    [InlineData("BOOL", ScalarType.Bool, 1)]
    [InlineData("U8", ScalarType.Byte, 1)]
    [InlineData("I8", ScalarType.Int8, 1)]
    [InlineData("I16", ScalarType.Int16, 2)]
    [InlineData("F16", ScalarType.Float16, 2)]
    [InlineData("BF16", ScalarType.BFloat16, 2)]
    [InlineData("I32", ScalarType.Int32, 4)]
    [InlineData("F32", ScalarType.Float32, 4)]
    [InlineData("C64", ScalarType.ComplexFloat32, 8)]
    [InlineData("F64", ScalarType.Float64, 8)]
    [InlineData("I64", ScalarType.Int64, 8)]
    public unsafe void A_type_that_libtorch_has_loads_bit_for_bit(string dtype, ScalarType type, int size)
    {
        byte[] data = [.. Enumerable.Range(0, 6 * size).Select(i => (byte)(dtype == "BOOL" ? i % 2 : i * 37))];
        using var tensor = Loaded(One(dtype, "3,2", data))["x"];

        Assert.Equal(type, tensor.dtype);
        Assert.Equal([3L, 2L], tensor.shape);
        Assert.Equal(data, new ReadOnlySpan<byte>((void*)tensor.DataPointer, data.Length).ToArray());
    }

    [Fact]
    public void Unsigned_integers_are_widened()
    {
        Assert.Equal([0, 65535], Loaded(One("U16", "2", [0, 0, 255, 255]))["x"].ToArray<int>());
        Assert.Equal([1L, 4294967295L], Loaded(One("U32", "2", [1, 0, 0, 0, 255, 255, 255, 255]))["x"].ToArray<long>());
        var largest = BitConverter.GetBytes(long.MaxValue);
        Assert.Equal([long.MaxValue], Loaded(One("U64", "1", largest))["x"].ToArray<long>());
    }

    // Values from "FP8 Formats for Deep Learning" (Micikevicius et al. 2022, table 1), the OCP MX specification (E8M0)
    // and the FNUZ definition in ONNX.
    [Theory]
    [InlineData(
        "F8_E4M3", new byte[] { 0x00, 0x01, 0x08, 0x38, 0x7E, 0xB8, 0x7F },
        new[] { 0, 1 / 512f, 1 / 64f, 1, 448, -1, float.NaN })]
    [InlineData("F8_E5M2", new byte[] { 0x01, 0x04, 0x3C, 0x7B, 0x7C, 0xFC, 0x7D },
        new[] { 1 / 65536f, 1 / 16384f, 1, 57344, float.PositiveInfinity, float.NegativeInfinity, float.NaN })]
    [InlineData("F8_E8M0", new byte[] { 0x00, 0x7F, 0x80, 0xFE, 0xFF },
        new[] { 5.877472e-39f, 1, 2, 1.7014118e38f, float.NaN })]
    [InlineData(
        "F8_E4M3FNUZ", new byte[] { 0x00, 0x01, 0x40, 0x7F, 0xC0, 0x80 },
        new[] { 0, 1 / 1024f, 1, 240, -1, float.NaN })]
    [InlineData(
        "F8_E5M2FNUZ", new byte[] { 0x01, 0x40, 0x7F, 0xC0, 0x80 }, new[] { 1 / 131072f, 1, 57344, -1, float.NaN })]
    public void Eight_bit_floats_load_as_float32(string dtype, byte[] bytes, float[] values)
    {
        using var tensor = Loaded(One(dtype, $"{bytes.Length}", bytes))["x"];
        Assert.Equal(ScalarType.Float32, tensor.dtype);
        Assert.Equal(values, tensor.ToArray<float>());
    }

    [Fact]
    public void Data_that_is_not_aligned_to_its_elements_loads()
    {
        var header = "{" + Entry("a", "U8", "1", 0, 1) + "," + Entry("x", "F32", "2", 1, 9) + "}";
        using var tensor = Loaded(File(header, [9, .. Ones, .. Ones]))["x"];
        Assert.Equal([1f, 1f], tensor.ToArray<float>());
    }

    [Fact]
    public void A_name_that_is_not_there_is_an_error_naming_the_nearest()
    {
        using var folder = new TemporaryFolder();
        using var file = WeightFile.Open(folder.Write("a", One("U8", "1", [1])));
        Assert.Contains("nearest: 'x'", Assert.Throws<KeyNotFoundException>(() => file.Load("y")).Message);
    }

    private static Dictionary<string, Tensor> Loaded(byte[] content)
    {
        using var folder = new TemporaryFolder();
        using var file = WeightFile.Open(folder.Write("a", content));
        return file.LoadAll();
    }
}
