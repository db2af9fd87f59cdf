namespace Interp.Reports.Tests.Svg;

public class TickStepTests
{
    [Theory]
    [InlineData(1, 5, 0.2, 1)]
    [InlineData(7, 4, 2, 0)]
    [InlineData(0.003, 4, 0.001, 3)]
    [InlineData(90000, 6, 20000, 0)]
    public void Steps_are_one_two_or_five_times_a_power_of_ten(double length, int count, double step, int decimals)
    {
        var (actual, digits) = TickStep.For(length, count);
        Assert.Equal(step, actual, 1e-12 + step * 1e-9);
        Assert.Equal(decimals, digits);
    }

    [Theory]
    [InlineData(0.25, 0.05, 2, "0.25")]
    [InlineData(-1500, 500, 0, "−1,500")]
    [InlineData(20000, 5000, 0, "20k")]
    [InlineData(2500000, 500000, 0, "2,500k")]
    [InlineData(3000000, 1000000, 0, "3M")]
    [InlineData(1e-20, 0.1, 1, "0")]
    [InlineData(2e-7, 1e-7, 7, "2·10⁻⁷")]
    public void Numbers_are_written_as_short_as_their_step_allows(
        double value, double step, int decimals, string label) =>
        Assert.Equal(label, TickStep.Label(value, step, decimals));

    [Theory]
    [InlineData(1, -5, "10⁻⁵")]
    [InlineData(2, -2, "0.02")]
    [InlineData(5, 4, "50k")]
    [InlineData(1, 12, "10¹²")]
    public void Powers_of_ten_are_written_as_powers_where_digits_would_be_many(int digit, int power, string label) =>
        Assert.Equal(label, TickStep.LogLabel(digit, power));
}
