using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Hooks;

public sealed class SliceTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void All_keeps_everything() => Check([0, 1, 2, 3, 4, 5], Slice.All);

    [Theory, InlineData(0, 0), InlineData(4, 4), InlineData(-1, 5), InlineData(-6, 0)]
    public void One_position_takes_the_dimension_away(int position, long expected)
    {
        Slice slice = position;
        Assert.True(slice.DropsDimension);
        Assert.Equal(0, slice.Apply(torch.arange(6), 0).dim());
        Assert.Equal(expected, slice.Apply(torch.arange(6), 0).ToInt64());
        Assert.Equal([expected], slice.AsList().Apply(torch.arange(6), 0).ToArray<long>());
    }

    [Fact]
    public void Ranges_and_lists_keep_it()
    {
        Check([2, 3], 2..4);
        Check([4, 5], ^2..);
        Check([], 3..3);
        Check([5, 0, 0], new[] { -1, 0, 0 });
        var matrix = torch.arange(6).view(2, 3);
        Assert.Equal([1, 4], ((Slice)1).Apply(matrix, -1).ToArray<long>());
        Assert.Equal([1, 2, 4, 5], ((Slice)(1..)).Apply(matrix, 1).ToArray<long>());
    }

    [Fact]
    public void What_lies_outside_is_an_error()
    {
        foreach (var slice in (Slice[])[6, -7, ^7, 4..7, new[] { 0, 6 }])
            Assert.Throws<ArgumentOutOfRangeException>(() => slice.Apply(torch.arange(6), 0));
        Assert.Contains("position 6",
            Assert.Throws<ArgumentOutOfRangeException>(() => ((Slice)6).Positions(6)).Message);
        Assert.Contains("6 entries",
            Assert.Throws<ArgumentOutOfRangeException>(() => ((Slice)(4..7)).Positions(6)).Message);
    }

    [Fact]
    public void A_list_is_copied_when_the_slice_is_made()
    {
        var list = new[] { 1 };
        Slice slice = list;
        list[0] = 5;
        Assert.Equal([1], slice.Positions(6));
    }

    private static void Check(long[] expected, Slice slice)
    {
        Assert.Equal(expected, slice.Apply(torch.arange(6), 0).ToArray<long>());
        Assert.Equal(expected, slice.Positions(6).Select(p => (long)p));
        Assert.False(slice.DropsDimension);
    }
}
