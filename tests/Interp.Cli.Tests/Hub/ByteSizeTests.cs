using Interp.Cli.Hub;

namespace Interp.Cli.Tests.Hub;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.00 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_500, "1.00 MB")]
    [InlineData(2_114_000, "2.11 MB")]
    [InlineData(9_996_000, "10.0 MB")]
    [InlineData(548_105_171, "548 MB")]
    [InlineData(3_247_202_234, "3.25 GB")]
    public void Sizes_have_three_digits(long bytes, string expected) => Assert.Equal(expected, ByteSize.Format(bytes));
}
