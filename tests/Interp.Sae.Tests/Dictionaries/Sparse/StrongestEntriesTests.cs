using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries.Sparse;

/// <summary>The strongest entries beside those of a stable sort.</summary>
public class StrongestEntriesTests
{
    private static readonly Operator Sort = new("aten::sort", "stable");

    public static TheoryData<ScalarType, int, int> Shapes => Samples.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Of_every_row_those_are_on_that_a_stable_sort_puts_first(ScalarType dtype, int rows, int width)
    {
        using var scope = NewDisposeScope();
        foreach (var x in new[] { Samples.Normal(dtype, rows, width), Samples.Ties(dtype, rows, width) })
            foreach (var k in new[] { 1, 2, width / 40, width / 2, width }.Where(k => k >= 1 && k <= width))
                foreach (var scale in new[] { null, Samples.Normal(dtype, width).abs() })
                    Samples.Same(First(x, scale, k, across: false), Samples.Dense(SparseRows.Top(x, scale, k, false)));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Of_all_rows_together_too(ScalarType dtype, int rows, int width)
    {
        using var scope = NewDisposeScope();
        foreach (var x in new[] { Samples.Normal(dtype, rows, width), Samples.Ties(dtype, rows, width) })
            foreach (var k in new[] { 1, width / 40, width / 2, width }.Where(k => k >= 1 && k <= width))
                foreach (var scale in new[] { null, Samples.Normal(dtype, width).abs() })
                    Samples.Same(First(x, scale, k, across: true), Samples.Dense(SparseRows.Top(x, scale, k, true)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Columns_rise_within_rows_and_offsets_count_them(bool across)
    {
        using var scope = NewDisposeScope();
        var x = Samples.Normal(ScalarType.Float32, 200, 500);
        var on = SparseRows.Top(x, null, 20, across);
        Assert.Equal(20 * 200, on.Offsets[-1].ToInt64());
        var places = Samples.Dense(on).nonzero()[.., 1];
        Samples.Same(places, on.Columns);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_equal_entries_the_first_are_on(bool across)
    {
        using var scope = NewDisposeScope();
        var on = SparseRows.Top(ones([3, 900]), null, 7, across);
        Samples.Same(across ? arange(21, ScalarType.Int64) : arange(7, ScalarType.Int64).repeat(3), on.Columns);
        Samples.Same(across ? tensor([0L, 21, 21, 21]) : tensor([0L, 7, 14, 21]), on.Offsets);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_no_more_than_0_is_never_on(bool across)
    {
        using var scope = NewDisposeScope();
        var x = -Samples.Normal(ScalarType.Float32, 40, 300).abs();
        x[3, 5] = float.NaN;
        x[4, 6] = 0;
        Assert.Equal(0, SparseRows.Top(x, null, 30, across).Columns.size(0));
        x[3, 8] = 2;
        x[39, 299] = float.PositiveInfinity;
        var on = SparseRows.Top(x, null, 30, across);
        Samples.Same(tensor([8L, 299]), on.Columns);
        Samples.Same(tensor([2f, float.PositiveInfinity]), on.Values);
    }

    /// <summary>All of a batch's strong entries where a sample of it does not look.</summary>
    [Fact]
    public void It_does_not_matter_where_the_strong_entries_are()
    {
        using var scope = NewDisposeScope();
        var x = Samples.Normal(ScalarType.Float32, 256, 640).abs() * 0.1;
        x[200..].mul_(50);
        Samples.Same(First(x, null, 40, across: true), Samples.Dense(SparseRows.Top(x, null, 40, true)));
        x.zero_();
        for (var row = 0; row < 256; row++)
            x.narrow(0, row, 1).narrow(1, row * 64 % 577, 64).fill_(row < 32 ? 1 : 1e-3);
        Samples.Same(First(x, null, 60, across: true), Samples.Dense(SparseRows.Top(x, null, 60, true)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_number_of_threads_changes_nothing(bool across)
    {
        using var scope = NewDisposeScope();
        var x = Samples.Ties(ScalarType.Float32, 999, 777);
        var scale = Samples.Normal(ScalarType.Float32, 777).abs();
        SparseRows On(int threads) => Threads.With(threads, () => SparseRows.Top(x, scale, 25, across));
        Samples.Same(On(1), On(2));
        Samples.Same(On(1), On(5));
    }

    [Fact]
    public void No_rows_have_no_entries()
    {
        using var scope = NewDisposeScope();
        foreach (var across in new[] { false, true })
            Samples.Same(zeros([1], ScalarType.Int64), SparseRows.Top(zeros([0, 8]), null, 3, across).Offsets);
    }

    [Fact]
    public void Wrong_arguments_are_errors_that_name_both_sides()
    {
        using var scope = NewDisposeScope();
        var (x, doubles) = (zeros([4, 6]), zeros([6], ScalarType.Float64));
        string Message(Func<SparseRows> call) => Assert.Throws<ArgumentException>(call).Message;
        Assert.Contains("7 of 6 columns", Message(() => SparseRows.Top(x, null, 7, false)));
        Assert.Contains("0 of 6 columns", Message(() => SparseRows.Top(x, null, 0, false)));
        Assert.Contains("scale must be [6]; it is [5]", Message(() => SparseRows.Top(x, zeros([5]), 2, false)));
        Assert.Contains("type Float32; it is Float64 [6]", Message(() => SparseRows.Top(x, doubles, 2, false)));
        Assert.Contains("[6, 4] with strides [1, 6]", Message(() => SparseRows.Top(x.t(), null, 2, false)));
        Assert.Contains("Int64 [4, 6]", Message(() => SparseRows.Top(x.to(ScalarType.Int64), null, 2, false)));
    }

    /// <summary>x where a stable sort by falling x · scale puts it among the first and it is above 0, else 0.</summary>
    private static Tensor First(Tensor x, Tensor? scale, int k, bool across)
    {
        var keys = scale is null ? x : x * scale;
        var lines = across ? keys.reshape(1, -1) : keys;
        var order = Sort.CallMany(2, lines.neg(), OperatorArgument.Some(true), 1L, false)[1];
        var first = order.narrow(1, 0, across ? k * x.size(0) : k);
        var chosen = zeros_like(lines).scatter_(1, first, ones_like(first, x.dtype)).view_as(x);
        return where(chosen.ne(0).logical_and(keys.gt(0)), x, zeros_like(x));
    }
}
