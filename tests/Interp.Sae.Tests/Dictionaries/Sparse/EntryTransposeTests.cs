using Interp.Sae.Dictionaries;
using Interp.Sae.Dictionaries.Sparse;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries.Sparse;

/// <summary>The transpose of a sparse matrix beside that of the dense one.</summary>
public class EntryTransposeTests
{
    public static TheoryData<ScalarType, int, int> Shapes => Samples.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_is_the_dense_transpose_and_tells_where_entries_were(ScalarType dtype, int rows, int width)
    {
        using var scope = NewDisposeScope();
        var sparse = Samples.Sparse(dtype, rows, width);
        var (transposed, from) = sparse.Transpose();
        Samples.Same(Samples.Dense(sparse).t(), Samples.Dense(transposed));
        Samples.Same(sparse.Values.index_select(0, from), transposed.Values);
        var (back, _) = transposed.Transpose();
        Samples.Same(sparse, back);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var sparse = Samples.Sparse(ScalarType.Float32, 2000, 1500); // enough entries for several threads
        SparseRows On(int threads) => Threads.With(threads, () => sparse.Transpose().Transposed);
        Samples.Same(On(1), On(2));
        Samples.Same(On(1), On(4));
    }

    [Fact]
    public void A_matrix_without_entries_has_a_transpose()
    {
        using var scope = NewDisposeScope();
        var (transposed, _) = SparseRows.Positive(zeros([5, 7]), 1)!.Transpose();
        Samples.Same(zeros([8], ScalarType.Int64), transposed.Offsets);
        Assert.Equal(5, transposed.Width);
    }

    [Fact]
    public void Places_that_do_not_exist_are_errors_that_name_them()
    {
        using var scope = NewDisposeScope();
        string Message(long[] offsets, long[] columns) =>
            Assert.Throws<ArgumentException>(() => EntryTranspose.Of(tensor(offsets), tensor(columns), 9)).Message;
        Assert.Contains("entry 1 has column 9; there are 9 columns", Message([0, 2], [3, 9]));
        Assert.Contains("entry 6 has column -1", Message([0, 7], [0, 1, 2, 3, 4, 5, -1]));
        Assert.Contains("do not go from 0 to the 2 entries", Message([0, 3], [3, 4]));
        Assert.Contains("do not go from 0", Message([1, 2], [3, 4]));
        Assert.Contains("row 1 fall from 2 to 1", Message([0, 2, 1, 2], [3, 4]));
    }
}
