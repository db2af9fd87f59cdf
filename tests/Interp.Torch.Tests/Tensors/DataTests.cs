using System.Numerics;

namespace Interp.Torch.Tests.Tensors;

public class DataTests
{
    [Fact]
    public void Every_element_type_goes_in_and_out_unchanged()
    {
        Roundtrip<byte>(ScalarType.Byte, 0, 255);
        Roundtrip<sbyte>(ScalarType.Int8, -128, 127);
        Roundtrip<short>(ScalarType.Int16, short.MinValue, short.MaxValue);
        Roundtrip(ScalarType.Int32, int.MinValue, int.MaxValue);
        Roundtrip(ScalarType.Int64, long.MinValue, long.MaxValue);
        Roundtrip(ScalarType.Float16, Half.MinValue, Half.Epsilon);
        Roundtrip(ScalarType.BFloat16, new BFloat16(0x3F80), new BFloat16(0x7F7F));
        Roundtrip(ScalarType.Float32, float.MinValue, float.Epsilon);
        Roundtrip(ScalarType.Float64, double.MaxValue, double.Epsilon);
        Roundtrip(ScalarType.Bool, true, false);
        Roundtrip(ScalarType.ComplexFloat32, new ComplexFloat(1, -2), new ComplexFloat(0, 3));
        Roundtrip(ScalarType.ComplexFloat64, new Complex(1, -2), new Complex(0, 3));

        static void Roundtrip<T>(ScalarType dtype, params T[] values) where T : unmanaged
        {
            var tensor = Make.Of(values);
            Assert.Equal(dtype, tensor.dtype);
            Assert.Equal(values, tensor.ToArray<T>());
            Assert.Equal(values[1], tensor[1].item<T>());
            Assert.Equal(values.Length * dtype.Size(), tensor.nbytes);
            Assert.Equal(values, tensor.t().t().flip(0).flip(0).ToArray<T>());
        }
    }

    [Fact]
    public void The_wrong_array_type_is_an_error_that_says_how_to_convert()
    {
        var error = Assert.Throws<ArgumentException>(() => Make.Of(1f).ToArray<double>());
        Assert.Contains("float32 holds no Double", error.Message);
        Assert.Contains("to(ScalarType.Float64)", error.Message);
        Assert.Throws<ArgumentException>(() => Make.Of(1f).ToArray<char>());
        Assert.Throws<ArgumentException>(() => Make.Of(1f).CopyTo(new byte[3]));
    }

    [Fact]
    public void Items_convert_between_number_types()
    {
        Assert.Equal(3L, Make.Of(3.99f).item<long>());
        Assert.Equal(-3, Make.Of(-3.99).item<int>());
        Assert.Equal(3.0, Make.Of(3L).item<double>());
        Assert.Equal((Half)1.5, Make.Of(1.5f).item<Half>());
        Assert.Equal((BFloat16)1.5f, Make.Of(1.5f).item<BFloat16>());
        Assert.Equal((byte)200, Make.Of(200L).item<byte>());
        Assert.Equal(1, Make.Of(true).item<int>());
        Assert.True(Make.Of(2f).item<bool>());
        Assert.False(Make.Of(0L).item<bool>());
        Assert.Equal(new Complex(2, 0), Make.Of(2f).item<Complex>());
        Assert.Equal(new ComplexFloat(2, 0), Make.Of(2L).item<ComplexFloat>());
        Assert.Equal(2.5f, (float)Make.Of(2.5));
        Assert.Equal(2.5, (double)Make.Of(2.5f));
        Assert.Equal(2, (long)Make.Of(2.5f));
    }

    [Fact]
    public void Items_that_do_not_fit_are_errors()
    {
        Assert.Throws<OverflowException>(() => Make.Of(256L).item<byte>());
        Assert.Throws<OverflowException>(() => Make.Of(1e30).item<long>());
        Assert.Throws<OverflowException>(() => Make.Of(float.NaN).item<int>());
        Assert.Throws<InvalidCastException>(() => Make.Of(new Complex(1, 1)).item<double>());
        Assert.Throws<TorchException>(() => Make.Of(1f, 2f).item<float>());
        Assert.Throws<TorchException>(() => torch.zeros([0]).item<float>());
    }

    [Fact]
    public void BFloat16_rounds_as_libtorch_does()
    {
        var random = new System.Random(1);
        float[] values =
        [
            1.00390625f, 1.01171875f, -1.00390625f, float.MaxValue, float.PositiveInfinity, 1e-40f, -0f,
            .. Enumerable.Range(0, 1000)
                .Select(_ => BitConverter.Int32BitsToSingle(random.Next()))
                .Where(float.IsFinite),
        ];
        Assert.Equal(Make.Of(values).bfloat16().ToArray<BFloat16>(), Array.ConvertAll(values,
            value => (BFloat16)value));
        Assert.True(float.IsNaN((BFloat16)float.NaN));
        Assert.Equal("1.5", ((BFloat16)1.5f).ToString());
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Bool)]
    [InlineData(ScalarType.ComplexFloat32)]
    public void Conversion_makes_a_tensor_of_the_type(ScalarType dtype)
    {
        var converted = Make.Of(0f, 1f, 2f).to(dtype);
        Assert.Equal(dtype, converted.dtype);
        AssertTensor.Close(dtype == ScalarType.Bool ? [0, 1, 1] : [0, 1, 2],
            dtype.IsComplex() ? converted.real() : converted);
    }

    [Fact]
    public void Conversion_to_the_same_type_shares_the_memory()
    {
        var x = Make.Of(1f);
        Assert.True(x.to(ScalarType.Float32).shares_storage_with(x));
        Assert.False(x.to(ScalarType.Float64).shares_storage_with(x));
        Assert.Equal(ScalarType.Float32, x.@double().@float().dtype);
        Assert.Equal(ScalarType.Int64, x.@long().dtype);
        Assert.Equal(ScalarType.Int32, x.@int().dtype);
        Assert.Equal(ScalarType.Bool, x.@bool().dtype);
        Assert.Equal(ScalarType.Float16, x.half().dtype);
    }

    [Fact]
    public void Strided_tensors_are_copied_in_row_major_order()
    {
        var x = Make.Counting(2, 3);
        Assert.Equal([0f, 3f, 1f, 4f, 2f, 5f], x.t().ToArray<float>());
        Assert.Equal([0f, 0f, 0f], x[0, 0].expand(3).ToArray<float>());
        Assert.Empty(x[.., 3..].ToArray<float>());
    }

    [Fact]
    public void Facts_about_a_tensor_are_PyTorchs()
    {
        var x = Make.Counting(2, 3, 4);
        Assert.Equal([12, 4, 1], x.stride());
        Assert.Equal((3, 3, 24L, 4L, 2L), (x.dim(), x.ndim, x.numel(), x.size(-1), x.size(0)));
        Assert.Equal(96, x.nbytes);
        Assert.True(x.is_contiguous());
        Assert.False(x.transpose(0, 2).is_contiguous());
        Assert.Equal(TestDevice.Current.Type, x.device.Type);
        Assert.Throws<ArgumentOutOfRangeException>(() => x.size(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.size(-4));
        Assert.Equal(x.data_ptr + 12 * 4, x[1].data_ptr);
    }
}
