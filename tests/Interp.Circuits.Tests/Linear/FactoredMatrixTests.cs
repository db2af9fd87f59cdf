using Interp.Circuits.Linear;
using Interp.Tensors;
using Interp.Tests.Loading.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Linear;

public sealed class FactoredMatrixTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly Generator random = new(1);

    public void Dispose()
    {
        scope.Dispose();
        random.Dispose();
    }

    [SharedFact("fixtures/functions")]
    public void The_algebra_is_that_of_the_reference()
    {
        var expected = new Fixture("fixtures/functions/functions.safetensors");
        var matrix = new FactoredMatrix(expected["fm.A"], expected["fm.B"]);
        var other = new FactoredMatrix(expected["fm2.A"], expected["fm2.B"]);
        var (u, s, vh) = matrix.Svd();
        var found = new Dictionary<string, Tensor>
        {
            ["fm.AB"] = matrix.AB,
            ["fm.BA"] = matrix.BA,
            ["fm.T.AB"] = matrix.T.AB,
            ["fm.norm"] = matrix.Norm(),
            ["fm.S"] = matrix.SingularValues(),
            ["fm.svd.U_abs"] = u.abs(),
            ["fm.svd.third_abs (TransformerLens returns V here, not V^H: rdim x mdim)"] = vh.mT.abs(),
            ["fm.svd.reconstruction"] = (u * s.unsqueeze(-2)).MatMul(vh),
            ["fm.eig.abs_sorted"] = matrix.Eigenvalues().abs().sort(-1, descending: true).Values,
            ["fm.eig.sum_real"] = matrix.Eigenvalues().real.sum(-1),
            ["fm.times_2.5.AB"] = (2.5 * matrix).AB,
            ["fm.matmul_R"] = (matrix * expected["fm.R"]).AB,
            ["fm.matmul_fm2"] = (matrix * other).AB,
            ["composition_scores.no_broadcast"] = CompositionScores.Of(matrix, other),
            ["composition_scores.broadcast"] = CompositionScores.OfAllPairs(matrix, other),
        };
        foreach (var (name, tensor) in found) Near(name, expected[name], tensor, ascending: name.Contains("eig.abs"));
        // Singular vectors are unique up to sign; what they span is not.
        Near("collapse_l", expected["fm.collapse_l"].mT.MatMul(expected["fm.collapse_l"]),
            matrix.CollapseL().mT.MatMul(matrix.CollapseL()));
        Near("collapse_r", expected["fm.collapse_r"].MatMul(expected["fm.collapse_r"].mT),
            matrix.CollapseR().MatMul(matrix.CollapseR().mT));
    }

    [Theory, InlineData(7, 3, 5), InlineData(3, 6, 4), InlineData(5, 5, 5), InlineData(4, 2, 9), InlineData(9, 8, 2)]
    public void The_spectrum_is_that_of_the_formed_product_whatever_the_shape(int left, int inner, int right)
    {
        var matrix = Random(left, inner, right);
        var rank = Math.Min(left, Math.Min(inner, right));
        var (u, s, vh) = matrix.Svd();
        Assert.Equal([left, rank], u.shape);
        Assert.Equal([rank, right], vh.shape);
        Near("product", matrix.AB, (u * s.unsqueeze(-2)).MatMul(vh));
        Near("S", torch.linalg.svdvals(matrix.AB).narrow(0, 0, rank), s);
        Near("same", s, matrix.SingularValues());
        Near("norm", torch.linalg.matrix_norm(matrix.AB), matrix.Norm());
        Near("orthogonal", torch.eye(rank), u.t().MatMul(u));
        var even = matrix.MakeEven();
        Near("even", matrix.AB, even.AB);
        Near("scales", even.A.square().sum([0]), even.B.square().sum(1));
        Near("scales", s, even.A.square().sum([0]));
        Near("left", s, torch.linalg.svdvals(matrix.CollapseL()).narrow(0, 0, rank));
        Near("right", s, torch.linalg.svdvals(matrix.CollapseR()).narrow(0, 0, rank));
    }

    [Fact]
    public void Trace_and_eigenvalues_are_those_of_the_formed_product()
    {
        var matrix = Random(6, 2, 6);
        Near("trace", matrix.AB.trace(), matrix.Trace());
        Near("sum", matrix.AB.trace(), matrix.Eigenvalues().real.sum());
        var formed = torch.linalg.eigvals(matrix.AB).abs().sort(0, descending: true).Values.narrow(0, 0, 2);
        Near("eigenvalues", formed, matrix.Eigenvalues().abs().sort(0, descending: true).Values);
        Assert.Contains("square", Assert.Throws<InvalidOperationException>(() =>
            Random(6, 2, 5).Eigenvalues()).Message);
        Assert.Contains("square", Assert.Throws<InvalidOperationException>(() => Random(6, 2, 5).Trace()).Message);
    }

    [Fact]
    public void Products_from_either_side_stay_factored_at_the_lower_rank()
    {
        var (wide, narrow) = (Random(8, 4, 6), Random(6, 2, 7));
        var product = wide * narrow;
        Assert.Equal(2, product.InnerDim);
        Near("product", wide.AB.MatMul(narrow.AB), product.AB);
        Assert.Equal(2, (narrow.T * wide.T).InnerDim);
        var left = torch.randn([3, 8], generator: random);
        Near("left", left.MatMul(wide.AB), (left * wide).AB);
        Assert.Equal(4, (left * wide).InnerDim);
        Near("rows", left.MatMul(wide.AB), wide.Apply(left));
        Near("row", left[0].MatMul(wide.AB), wide.Apply(left[0]));
        Near("number", wide.AB * 3, (wide * 3).AB);
        Near("corner", wide.AB[..2, ..2], wide.Corner(2));
        var (a, b) = wide;
        Assert.True(a.Equals(wide.A) && b.Equals(wide.B));
    }

    [Fact]
    public void Parts_are_taken_of_batches_rows_and_columns()
    {
        var a = torch.randn([2, 3, 5, 2], generator: random);
        var matrix = new FactoredMatrix(a, torch.randn([3, 2, 4], generator: random)); // the right factor serves both batches
        Assert.Equal([2, 3, 5, 4], matrix.Shape);
        Near("batch", matrix.AB[1], matrix[1].AB);
        Near("batches", matrix.AB[1, 2], matrix[1, 2].AB);
        Near("rows", matrix.AB[1, 2, 1..3], matrix[1, 2, 1..3].AB);
        Near("row", matrix.AB[1, 2, 3..4], matrix[1, 2, 3].AB);
        Near("columns", matrix.AB[.., 0, .., 2..], matrix[.., 0, .., 2..].AB);
        Near("element", matrix.AB[0, 0, 4, 3].view(1, 1), matrix[0, 0, ^1, ^1].AB);
        Assert.Equal([2, 1, 3, 5, 4], matrix.Unsqueeze(1).Shape);
        Assert.Throws<ArgumentException>(() => matrix[0, 0, 0, 0, 0]);
    }

    [Fact]
    public void What_does_not_fit_is_an_error_with_both_shapes()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new FactoredMatrix(torch.zeros([3, 2]), torch.zeros([3, 2])));
        Assert.Contains("[3, 2] and [3, 2]", error.Message);
        Assert.Contains("batches", Assert.Throws<ArgumentException>(
            () => new FactoredMatrix(torch.zeros([2, 3, 2]), torch.zeros([3, 2, 3]))).Message);
        Assert.Contains("no product",
            Assert.Throws<ArgumentException>(() => Random(3, 2, 4) * Random(3, 2, 4)).Message);
        Assert.Contains("on the right",
            Assert.Throws<ArgumentException>(() => Random(3, 2, 4) * torch.zeros([3, 3])).Message);
        Assert.Contains("on the left",
            Assert.Throws<ArgumentException>(() => torch.zeros([4]) * Random(3, 2, 4)).Message);
        Assert.Contains("rows", Assert.Throws<ArgumentException>(() =>
            Random(3, 2, 4).Apply(torch.zeros([4]))).Message);
    }

    private FactoredMatrix Random(int left, int inner, int right) =>
        new(torch.randn([left, inner], generator: random), torch.randn([inner, right], generator: random));

    private static void Near(string name, Tensor expected, Tensor actual, bool ascending = false)
    {
        if (ascending && expected.dim() > 0) (expected, actual) = (expected.sort(-1).Values, actual.sort(-1).Values);
        var scale = Math.Max(1e-30, expected.abs().max().ToSingle());
        Assert.True(Difference.Largest(name, expected, actual) / scale < 1e-5, $"{name}\n{expected}\n{actual}");
    }
}
