namespace Interp.Torch.Tests.Tensors;

public class ArithmeticTests
{
    public static TheoryData<string> Operators => ["+", "-", "*", "/", "%", "maximum", "minimum", "atan2", "pow"];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Operators_of_two_tensors_agree_with_the_numbers(string op)
    {
        double[] a = [5.5, -3, 0.25], b = [2, 1.5, -4];
        var x = Make.Of(a);
        var y = Make.Of(b);
        var (actual, expected) = op switch
        {
            "+" => (x + y, a.Zip(b, (p, q) => p + q)),
            "-" => (x - y, a.Zip(b, (p, q) => p - q)),
            "*" => (x * y, a.Zip(b, (p, q) => p * q)),
            "/" => (x / y, a.Zip(b, (p, q) => p / q)),
            "%" => (x % y, a.Zip(b, (p, q) => p - Math.Floor(p / q) * q)),
            "maximum" => (x.maximum(y), a.Zip(b, Math.Max)),
            "minimum" => (x.minimum(y), a.Zip(b, Math.Min)),
            "atan2" => (x.atan2(y), a.Zip(b, Math.Atan2)),
            _ => (x.abs().pow(y), a.Zip(b, (p, q) => Math.Pow(Math.Abs(p), q))),
        };
        AssertTensor.Close(expected, actual, 1e-14);
    }

    [Fact]
    public void A_number_may_stand_on_either_side()
    {
        var x = Make.Of(1.0, 2.0, 4.0);
        AssertTensor.Close([3, 4, 6], x + 2);
        AssertTensor.Close([3, 4, 6], 2 + x);
        AssertTensor.Close([-1, 0, 2], x - 2);
        AssertTensor.Close([1, 0, -2], 2 - x);
        AssertTensor.Close([3, 6, 12], 3 * x);
        AssertTensor.Close([0.5, 1, 2], x / 2);
        AssertTensor.Close([2, 1, 0.5], 2 / x);
        AssertTensor.Close([1, 2, 1], x % 3);
        AssertTensor.Close([-1, -2, -4], -x);
    }

    [Fact]
    public void Shapes_are_broadcast()
    {
        var column = Make.Shaped([3, 1], 1f, 2f, 3f);
        var row = Make.Of(10f, 20f);
        AssertTensor.Equal([3, 2], [11f, 21f, 12f, 22f, 13f, 23f], column + row);
        Assert.Equal([4, 3, 2], (torch.zeros([4, 1, 1], device: TestDevice.Current) + column + row).shape);
    }

    [Theory]
    [InlineData(ScalarType.Int64, ScalarType.Float32, ScalarType.Float32)]
    [InlineData(ScalarType.Bool, ScalarType.Int32, ScalarType.Int32)]
    [InlineData(ScalarType.Byte, ScalarType.Int8, ScalarType.Int16)]
    [InlineData(ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData(ScalarType.Float64, ScalarType.Float32, ScalarType.Float64)]
    [InlineData(ScalarType.Float64, ScalarType.ComplexFloat32, ScalarType.ComplexFloat64)]
    public void Element_types_are_promoted_as_in_PyTorch(ScalarType a, ScalarType b, ScalarType expected)
    {
        var device = TestDevice.Current;
        Assert.Equal(expected, (torch.ones([2], a, device) + torch.ones([2], b, device)).dtype);
        Assert.Equal(expected, (torch.ones([2], b, device) * torch.ones([2], a, device)).dtype);
    }

    [Fact]
    public void Numbers_keep_whether_they_were_written_as_integers()
    {
        var ints = Make.Of(1L, 2L);
        Assert.Equal(ScalarType.Int64, (ints + 1).dtype);
        Assert.Equal(ScalarType.Float32, (ints + 1.0).dtype);
        Assert.Equal(ScalarType.Float32, (ints / 2).dtype);
        Assert.Equal(ScalarType.Float32, (Make.Of(1f) * 2.0).dtype);
        Assert.Equal(ScalarType.Float16, (Make.Of(1f).half() * 2.0).dtype);
        Assert.Equal(ScalarType.ComplexFloat32, (Make.Of(1f) * new System.Numerics.Complex(0, 1)).dtype);
    }

    [Fact]
    public void In_place_operations_change_the_tensor_and_return_it()
    {
        var x = Make.Of(1f, 2f);
        Assert.Same(x, x.add_(Make.Of(10f, 20f)).mul_(2).sub_(1).div_(3));
        AssertTensor.Close([7, 43 / 3.0], x);
        AssertTensor.Equal([2f, 9f], Make.Of(8f, 30f).addcdiv_(Make.Of(6f, 42f), Make.Of(1f, 2f), -1));
        AssertTensor.Equal([14f, 72f], Make.Of(8f, 30f).addcmul_(Make.Of(6f, 21f), Make.Of(1f, 2f), 1));
        AssertTensor.Equal([2f, 5f], Make.Of(1f, 4f).lerp_(Make.Of(3f, 6f), 0.5));
        AssertTensor.Equal([7f, 8f], Make.Of(1f, 2f).add_(Make.Of(2f, 2f), 3));
        AssertTensor.Equal([-5f, -4f], Make.Of(1f, 2f).sub_(Make.Of(2f, 2f), 3));
    }

    [Fact]
    public void An_in_place_operation_counts_as_a_version()
    {
        var x = Make.Of(1f, 2f);
        var view = x[0];
        var before = x.version;
        view.add_(1);
        Assert.Equal(before + 1, x.version);
        AssertTensor.Equal([2f, 2f], x);
    }

    [Fact]
    public void Division_can_be_rounded()
    {
        var (a, b) = (Make.Of(7L, -7L), Make.Of(2L, 2L));
        AssertTensor.Equal([3L, -4L], a.div(b, "floor"));
        AssertTensor.Equal([3L, -3L], a.div(b, "trunc"));
        AssertTensor.Equal([3L, -4L], a.floor_divide(b));
        AssertTensor.Equal([1L, 1L], a % b);
        AssertTensor.Equal([1L, -1L], a.fmod(2));
    }

    [Fact]
    public void Bits_and_truths_are_combined()
    {
        var (a, b) = (Make.Of(true, true, false), Make.Of(true, false, false));
        AssertTensor.Equal([true, false, false], a & b);
        AssertTensor.Equal([true, true, false], a | b);
        AssertTensor.Equal([false, true, false], a ^ b);
        AssertTensor.Equal([false, false, true], ~a);
        AssertTensor.Equal([4L], Make.Of(6L) & Make.Of(12L));
        AssertTensor.Equal([14L], Make.Of(6L) | Make.Of(12L));
        AssertTensor.Equal([10L], Make.Of(6L) ^ Make.Of(12L));
    }
}
