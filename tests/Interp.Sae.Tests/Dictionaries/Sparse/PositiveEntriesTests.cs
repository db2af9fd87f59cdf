using Interp.Sae.Dictionaries;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries.Sparse;

/// <summary>The entries above 0 beside <c>relu</c>.</summary>
public class PositiveEntriesTests
{
    public static TheoryData<ScalarType, int, int> Shapes => Samples.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void They_are_what_relu_leaves(ScalarType dtype, int rows, int width)
    {
        using var scope = NewDisposeScope();
        foreach (var shift in new[] { -100, -1.5, 0, 100 })
        {
            var x = Samples.Normal(dtype, rows, width) + shift;
            x[0, 0] = double.NaN;
            var on = SparseRows.Positive(x, 1)!;
            Samples.Same(x.nan_to_num(0).relu(), Samples.Dense(on));
            Samples.Same(x.gt(0).nonzero()[.., 1], on.Columns);
        }
    }

    [Fact]
    public void More_than_the_share_is_null_and_the_share_is_not()
    {
        using var scope = NewDisposeScope();
        var x = zeros([100, 50]);
        x.narrow(0, 90, 10).fill_(1); // not in the rows that are looked at first
        Assert.NotNull(SparseRows.Positive(x, 0.1));
        Assert.Null(SparseRows.Positive(x, 0.0998));
        var first = x.flip(0).contiguous();
        Assert.NotNull(SparseRows.Positive(first, 0.1));
        Assert.Null(SparseRows.Positive(ones([100, 50]), 0.4));
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var x = Samples.Normal(ScalarType.Float32, 999, 777) - 1;
        SparseRows On(int threads) => Threads.With(threads, () => SparseRows.Positive(x, 0.3)!);
        Samples.Same(On(1), On(2));
        Samples.Same(On(1), On(5));
    }

    [Fact]
    public void No_rows_have_no_entries()
    {
        using var scope = NewDisposeScope();
        Samples.Same(zeros([1], ScalarType.Int64), SparseRows.Positive(zeros([0, 8]), 1)!.Offsets);
        Samples.Same(zeros([9], ScalarType.Int64), SparseRows.Positive(zeros([8, 0]), 1)!.Offsets);
    }

    [Fact]
    public void Another_layout_or_type_is_an_error_that_names_it()
    {
        using var scope = NewDisposeScope();
        string Message(Tensor x) => Assert.Throws<ArgumentException>(() => SparseRows.Positive(x, 1)).Message;
        Assert.Contains("[6, 4] with strides [1, 6]", Message(zeros([4, 6]).t()));
        Assert.Contains("of 2 dimensions", Message(zeros([4])));
        Assert.Contains("Float16", Message(zeros([4, 6], ScalarType.Float16)));
    }
}
