namespace Interp.Torch.Tests.Tensors;

public class ComparisonTests
{
    [Fact]
    public void Comparisons_agree_with_the_numbers()
    {
        var (a, b) = (Make.Of(1f, 2f, 3f), Make.Of(2f, 2f, 2f));
        AssertTensor.Equal([true, false, false], a < b);
        AssertTensor.Equal([true, true, false], a <= b);
        AssertTensor.Equal([false, false, true], a > b);
        AssertTensor.Equal([false, true, true], a >= b);
        AssertTensor.Equal([false, true, false], a.eq(b));
        AssertTensor.Equal([true, false, true], a.ne(b));
        AssertTensor.Equal([true, false, false], a < 2);
        AssertTensor.Equal([true, true, false], a <= 2);
        AssertTensor.Equal([false, false, true], a > 2);
        AssertTensor.Equal([false, true, true], a >= 2);
        AssertTensor.Equal([false, true, false], a.eq(2));
        AssertTensor.Equal([true, false, true], a.ne(2));
    }

    [Fact]
    public void The_equality_operator_compares_objects_as_everywhere_in_CSharp()
    {
        var a = Make.Of(1f);
        var b = Make.Of(1f);
        Assert.False(a == b);
        Assert.True(a.equal(b));
        Assert.False(a.equal(Make.Of(1f, 1f)));
    }

    [Fact]
    public void Where_chooses_between_tensors_and_numbers()
    {
        var condition = Make.Of(true, false);
        var (a, b) = (Make.Of(1f, 2f), Make.Of(-1f, -2f));
        AssertTensor.Equal([1f, -2f], torch.where(condition, a, b));
        AssertTensor.Equal([1f, 9f], torch.where(condition, a, 9));
        AssertTensor.Equal([9f, -2f], torch.where(condition, 9, b));
        AssertTensor.Equal([1f, 0f], torch.where(condition, 1.0, 0.0));
        AssertTensor.Equal([1f, -2f], a.where(condition, b));
    }

    [Fact]
    public void Closeness_is_relative_and_absolute()
    {
        var a = Make.Of(1.0, 100.0, double.NaN);
        var b = Make.Of(1.0 + 1e-6, 101.0, double.NaN);
        AssertTensor.Equal([true, false, false], a.isclose(b));
        Assert.False(torch.allclose(a, b, rtol: 0.1));
        Assert.True(torch.allclose(a, b, rtol: 0.1, equalNan: true));
    }

    [Fact]
    public void Logical_functions_take_any_numbers()
    {
        var (a, b) = (Make.Of(0f, 2f), Make.Of(1L, 3L));
        AssertTensor.Equal([false, true], a.logical_and(b));
        AssertTensor.Equal([true, true], a.logical_or(b));
        AssertTensor.Equal([true, false], a.logical_xor(b));
        AssertTensor.Equal([true, false], a.logical_not());
    }

    [Fact]
    public void Membership_is_tested_for_every_element()
    {
        AssertTensor.Equal([true, false, true], torch.isin(Make.Of(1L, 2L, 3L), Make.Of(3L, 1L)));
        AssertTensor.Equal([false, true, false], Make.Of(1L, 2L, 3L).isin(Make.Of(3L, 1L), invert: true));
    }
}
