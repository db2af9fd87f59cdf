using Interp.Sae.Dictionaries;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Dictionaries.Sparse;

/// <summary>Products with a sparse matrix, and at its entries, beside those with the dense one.</summary>
public class SparseProductTests
{
    public static TheoryData<ScalarType, int, int> Shapes => Samples.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_product_is_added_to_a_sum(ScalarType dtype, int rows, int width)
    {
        using var scope = NewDisposeScope();
        var sparse = Samples.Sparse(dtype, rows, width);
        foreach (var n in new[] { 1, 7, 64, 133 })
        {
            var table = Samples.Normal(dtype, width, n);
            var sum = Samples.Normal(dtype, rows, n);
            var expected = sum + Samples.Dense(sparse).mm(table);
            sparse.AddMatMul(sum, table);
            Samples.Near(expected, sum);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_bias_goes_before(ScalarType dtype, int rows, int width)
    {
        using var scope = NewDisposeScope();
        var sparse = Samples.Sparse(dtype, rows, width);
        var (bias, table) = (Samples.Normal(dtype, 20), Samples.Normal(dtype, width, 20));
        Samples.Near(bias + Samples.Dense(sparse).mm(table), sparse.MatMul(bias, table));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void At_the_entries_it_is_the_product_of_rows(ScalarType dtype, int rows, int width)
    {
        using var scope = NewDisposeScope();
        var sparse = Samples.Sparse(dtype, rows, width);
        foreach (var n in new[] { 1, 7, 64, 133 })
        {
            var (x, table) = (Samples.Normal(dtype, rows, n), Samples.Normal(dtype, width, n));
            var expected = x.mm(table.t()).masked_select(Samples.Dense(sparse).ne(0));
            Samples.Near(expected, sparse.Dot(x, table));
        }
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        using var scope = NewDisposeScope();
        var sparse = Samples.Sparse(ScalarType.Float32, 700, 300);
        var (x, table) = (Samples.Normal(ScalarType.Float32, 700, 131), Samples.Normal(ScalarType.Float32, 300, 131));
        Tensor Dots(int threads) => Threads.With(threads, () => sparse.Dot(x, table));
        Tensor Product(int threads) => Threads.With(threads, () => sparse.MatMul(zeros([131]), table));
        foreach (var threads in new[] { 2, 5 })
        {
            Samples.Same(Dots(1), Dots(threads));
            Samples.Same(Product(1), Product(threads));
        }
    }

    [Fact]
    public void Wrong_arguments_are_errors_that_name_both_sides()
    {
        using var scope = NewDisposeScope();
        var sparse = SparseRows.Positive(ones([4, 6]), 1)!;
        string Message(Action call) => Assert.Throws<ArgumentException>(call).Message;
        var doubles = zeros([4, 3], ScalarType.Float64);
        Assert.Contains("sum must be [4, 3]; it is [4, 2]",
            Message(() => sparse.AddMatMul(zeros([4, 2]), zeros([6, 3]))));
        Assert.Contains("there are 5 columns", Message(() => sparse.AddMatMul(zeros([4, 3]), zeros([5, 3]))));
        Assert.Contains("x must be [4, 3]; it is [5, 3]", Message(() => sparse.Dot(zeros([5, 3]), zeros([6, 3]))));
        Assert.Contains("type Float32; it is Float64", Message(() => sparse.AddMatMul(doubles, zeros([6, 3]))));
        Assert.Contains("values must be [24]; it is [23]",
            Message(() => (sparse with { Values = zeros([23]) }).AddMatMul(zeros([4, 3]), zeros([6, 3]))));
    }
}
