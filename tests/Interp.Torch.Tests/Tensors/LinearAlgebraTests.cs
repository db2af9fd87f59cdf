namespace Interp.Torch.Tests.Tensors;

/// <summary>Decompositions are checked by putting the matrix together again.</summary>
public class LinearAlgebraTests
{
    private readonly Tensor wide = Make.Normal(ScalarType.Float64, 1, 2, 3, 5);
    private readonly Tensor square = Make.Normal(ScalarType.Float64, 2, 2, 4, 4);

    private static Tensor Identity(long n) => torch.eye(n, dtype: ScalarType.Float64, device: TestDevice.Current);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Singular_values_rebuild_the_matrix(bool full)
    {
        var (u, s, vh) = torch.linalg.svd(wide, full);
        Assert.Equal(full ? [2, 5, 5] : [2, 3, 5], vh.shape);
        AssertTensor.Close(wide, (u * s.unsqueeze(-2)).matmul(vh[.., ..3]), 1e-12);
        AssertTensor.Close(Identity(3).expand(2, 3, 3), u.mT().matmul(u), 1e-12);
        Assert.True((s.diff() <= 0).all().item<bool>());
        AssertTensor.Close(s, torch.linalg.svdvals(wide), 1e-12);
    }

    [Fact]
    public void Eigenvectors_rebuild_the_matrix()
    {
        var (values, vectors) = torch.linalg.eig(square);
        var rebuilt = (vectors * values.unsqueeze(-2)).matmul(torch.linalg.inv(vectors));
        AssertTensor.Close(square, rebuilt.real(), 1e-10);
        AssertTensor.Close(torch.zeros_like(square), rebuilt.imag(), 1e-10);
        AssertTensor.Close(square.diagonal(0, -2, -1).sum(-1), torch.linalg.eigvals(square).sum(-1).real(), 1e-10);

        var symmetric = square + square.mT();
        (values, vectors) = torch.linalg.eigh(symmetric);
        AssertTensor.Close(symmetric, (vectors * values.unsqueeze(-2)).matmul(vectors.mT()), 1e-12);
        AssertTensor.Close(values, torch.linalg.eigvalsh(symmetric), 1e-12);
        Assert.True((values.diff() >= 0).all().item<bool>());
    }

    [Fact]
    public void Factors_multiply_to_the_matrix()
    {
        var (q, r) = torch.linalg.qr(wide.mT());
        AssertTensor.Close(wide.mT(), q.matmul(r), 1e-12);
        AssertTensor.Close(r, r.triu(), 1e-12);
        var positive = square.matmul(square.mT()) + Identity(4);
        var l = torch.linalg.cholesky(positive);
        AssertTensor.Close(positive, l.matmul(l.mT()), 1e-12);
        AssertTensor.Close(l, l.tril(), 0, 0);
    }

    [Fact]
    public void Equations_are_solved()
    {
        var b = Make.Normal(ScalarType.Float64, 3, 2, 4, 2);
        AssertTensor.Close(b, square.matmul(torch.linalg.solve(square, b)), 1e-10);
        AssertTensor.Close(b, square.triu().matmul(torch.linalg.solve_triangular(square, b, upper: true)), 1e-8);
        AssertTensor.Close(Identity(4).expand(2, 4, 4), square.matmul(torch.linalg.inv(square)), 1e-10);
        AssertTensor.Close(Identity(4), square[0].matmul(square[0].inverse()), 1e-10);
        AssertTensor.Close(wide, wide.matmul(torch.linalg.pinv(wide)).matmul(wide), 1e-10);
        var tall = wide.mT();
        var c = Make.Normal(ScalarType.Float64, 4, 2, 5, 1);
        // The rest of a least-squares solution is orthogonal to the columns.
        var rest = c - tall.matmul(torch.linalg.lstsq(tall, c));
        AssertTensor.Close(torch.zeros_like(rest[.., ..3]), wide.matmul(rest), 1e-10);
    }

    [Fact]
    public void Determinants_norms_and_powers()
    {
        var m = Make.Of(new[,] { { 1.0, 2 }, { 3, 4 } });
        Assert.Equal(-2, torch.linalg.det(m).item<double>(), 1e-12);
        var (sign, log) = torch.linalg.slogdet(m);
        Assert.Equal(-1, sign.item<double>());
        Assert.Equal(Math.Log(2), log.item<double>(), 1e-12);
        Assert.Equal(Math.Sqrt(30), torch.linalg.vector_norm(m).item<double>(), 1e-12);
        AssertTensor.Close([4, 6], torch.linalg.vector_norm(m, 1, [0]));
        Assert.Equal(Math.Sqrt(30), torch.linalg.matrix_norm(m).item<double>(), 1e-12);
        Assert.Equal(torch.linalg.svdvals(m).sum().item<double>(), torch.linalg.matrix_norm(m, "nuc").item<double>(),
            1e-12);
        Assert.Equal(5, m.trace().item<double>());
        AssertTensor.Close([7, 10, 15, 22], m.matrix_power(2));
        Assert.Equal(1, torch.linalg.matrix_rank(Make.Of(new[,] { { 1.0, 2 }, { 2, 4 } })).item<long>());
        AssertTensor.Close([Math.E, 0, 0, Math.E * Math.E], torch.linalg.matrix_exp(Make.Of(1.0, 2.0).diag()), 1e-12);
    }

    [Fact]
    public void A_singular_matrix_is_an_error() =>
        Assert.Contains("singular", Assert.Throws<TorchException>(
            () => torch.linalg.inv(torch.zeros([2, 2], device: TestDevice.Current))).Message);
}
