namespace Interp.Torch.Tests.Engine;

/// <summary>
/// Wrong shapes, types and values in every kind of operator:
/// an exception with ATen's words, never an abort.
/// </summary>
public class ErrorTests
{
    private static readonly Tensor M23 = torch.ones([2, 3]);
    private static readonly Tensor M45 = torch.ones([4, 5]);
    private static readonly Tensor V2 = torch.ones([2]);
    private static readonly Tensor V3 = torch.ones([3]);
    private static readonly Tensor B234 = torch.ones([2, 3, 4]);
    private static readonly Tensor Ints = torch.arange(3);
    private static readonly Tensor Doubles = torch.ones([3], ScalarType.Float64);

    private static readonly Dictionary<string, Action> Mistakes = new()
    {
        ["add shapes"] = () => M23.add(M45),
        ["sub shapes"] = () => M23.sub(V2),
        ["mul shapes"] = () => M23.mul(M45),
        ["div shapes"] = () => M23.div(M45),
        ["add_ shapes"] = () => V3.clone().add_(M23),
        ["mul_ type"] = () => Ints.clone().mul_(Doubles),
        ["add_ number type"] = () => Ints.clone().add_(0.5),
        ["pow negative integer"] = () => Ints.pow(-1),
        ["remainder shapes"] = () => M23.remainder(M45),
        ["div rounding mode"] = () => M23.div(M23, "up"),
        ["addcmul shapes"] = () => M23.addcmul(M45, M45, 1),
        ["lerp type"] = () => V3.lerp(Doubles, 0.5),
        ["matmul shapes"] = () => M23.matmul(M45),
        ["matmul scalar"] = () => M23.matmul(torch.tensor(1.0)),
        ["matmul type"] = () => M23.matmul(Doubles),
        ["mm shapes"] = () => M23.mm(M23),
        ["mm dims"] = () => B234.mm(B234),
        ["bmm shapes"] = () => B234.bmm(B234),
        ["bmm dims"] = () => M23.bmm(M23),
        ["mv shapes"] = () => M23.mv(V2),
        ["dot shapes"] = () => V2.dot(V3),
        ["dot type"] = () => V3.dot(Doubles),
        ["outer dims"] = () => M23.outer(V3),
        ["addmm shapes"] = () => torch.addmm(V2, M23, M45),
        ["baddbmm shapes"] = () => B234.baddbmm(B234, B234, 1, 1),
        ["einsum equation"] = () => torch.einsum("ij,jk", M23, M45),
        ["einsum letters"] = () => torch.einsum("ijk->i", M23),
        ["einsum operands"] = () => torch.einsum("ij,jk->ik", M23),
        ["linear shapes"] = () => F.linear(M23, M45),
        ["cat shapes"] = () => torch.cat([M23, M45]),
        ["cat dimension"] = () => torch.cat([M23, M23], 2),
        ["cat nothing"] = () => torch.cat([]),
        ["stack shapes"] = () => torch.stack([V2, V3]),
        ["stack nothing"] = () => torch.stack([]),
        ["view size"] = () => M23.view(4),
        ["view strides"] = () => M23.t().view(6),
        ["view two unknown"] = () => M23.view(-1, -1),
        ["reshape size"] = () => M23.reshape(5, -1),
        ["transpose dimension"] = () => M23.transpose(0, 2),
        ["t dims"] = () => B234.t(),
        ["permute dims"] = () => M23.permute(0),
        ["permute twice"] = () => M23.permute(0, 0),
        ["expand size"] = () => M23.expand(4, 3),
        ["expand fewer"] = () => M23.expand(3),
        ["repeat fewer"] = () => M23.repeat(2),
        ["unsqueeze dimension"] = () => M23.unsqueeze(5),
        ["squeeze dimension"] = () => M23.squeeze(4),
        ["narrow range"] = () => M23.narrow(1, 2, 2),
        ["select range"] = () => M23.select(0, 2),
        ["slice step"] = () => M23.slice(0, 0, 2, 0),
        ["split size"] = () => M23.split(-1),
        ["split sizes"] = () => M23.split([1, 1], 1),
        ["chunk count"] = () => M23.chunk(0),
        ["unbind dimension"] = () => M23.unbind(2),
        ["unfold size"] = () => M23.unfold(1, 4, 1),
        ["flip twice"] = () => M23.flip(0, 0),
        ["roll lists"] = () => M23.roll([1, 2], [0]),
        ["diagonal same"] = () => M23.diagonal(0, 1, 1),
        ["as_strided outside"] = () => M23.as_strided([100], [1]),
        ["flatten order"] = () => B234.flatten(2, 0),
        ["sum dimension"] = () => M23.sum(2),
        ["sum twice"] = () => M23.sum([0, 0]),
        ["mean of integers"] = () => Ints.mean(),
        ["max of nothing"] = () => torch.zeros([0]).max(),
        ["argmax of nothing"] = () => torch.zeros([0]).argmax(),
        ["max dimension"] = () => M23.max(3),
        ["softmax dimension"] = () => M23.softmax(2),
        ["softmax of integers"] = () => Ints.softmax(0),
        ["topk too many"] = () => M23.topk(4),
        ["sort dimension"] = () => M23.sort(2),
        ["quantile range"] = () => V3.quantile(1.5),
        ["quantile type"] = () => Ints.quantile(0.5),
        ["bincount negative"] = () => (Ints - 1).bincount(),
        ["cumsum dimension"] = () => M23.cumsum(2),
        ["kthvalue range"] = () => V3.kthvalue(4),
        ["index_select type"] = () => M23.index_select(0, V2),
        ["index_select range"] = () => M23.index_select(0, Ints),
        ["gather dims"] = () => M23.gather(0, Ints),
        ["gather range"] = () => V3.gather(0, Ints + 3),
        ["scatter range"] = () => V3.scatter(0, Ints + 3, V3),
        ["scatter type"] = () => V3.scatter(0, Ints, Doubles),
        ["index_add shapes"] = () => M23.index_add(0, Ints, M23),
        ["take range"] = () => V3.take(Ints + 3),
        ["masked_fill mask"] = () => M23.masked_fill(Ints, 0),
        ["masked_fill shapes"] = () => M23.masked_fill(V2 > 0, 0),
        ["masked_select type"] = () => V3.masked_select(V3),
        ["masked_scatter few"] = () => M23.masked_scatter(M23 > 0, V2),
        ["where shapes"] = () => torch.where(V2 > 0, V3, V3),
        ["where condition"] = () => torch.where(V3, V3, V3),
        ["bitwise of floats"] = () => _ = V3 & V3,
        ["not of floats"] = () => _ = ~V3,
        ["embedding range"] = () => F.embedding(M23, Ints),
        ["embedding type"] = () => F.embedding(M23, V2),
        ["one_hot range"] = () => F.one_hot(Ints, 2),
        ["one_hot type"] = () => F.one_hot(V3),
        ["layer_norm shape"] = () => F.layer_norm(M23, [2]),
        ["layer_norm weight"] = () => F.layer_norm(M23, [3], V2),
        ["cross_entropy shapes"] = () => F.cross_entropy(M23, Ints),
        ["cross_entropy range"] = () => F.cross_entropy(M23, torch.full([2], 7, ScalarType.Int64)),
        ["mse_loss shapes"] = () => F.mse_loss(M23, M45),
        ["bce range"] = () => F.binary_cross_entropy(V3 * 2, V3),
        ["pad odd"] = () => F.pad(M23, [1], 0),
        ["inverse not square"] = () => torch.linalg.inv(M23),
        ["solve shapes"] = () => torch.linalg.solve(torch.eye(2), V3),
        ["cholesky not positive"] = () => torch.linalg.cholesky(-torch.eye(2)),
        ["svd of integers"] = () => torch.linalg.svd(Ints.view(1, 3)),
        ["eig not finite"] = () => torch.linalg.eig(torch.full([2, 2], double.NaN)),
        ["det not square"] = () => torch.linalg.det(M23),
        ["matrix_power not square"] = () => M23.matrix_power(2),
        ["trace dims"] = () => B234.trace(),
        ["fft of nothing"] = () => torch.fft.rfft(torch.zeros([0])),
        ["fft norm"] = () => torch.fft.fft_(V3, norm: "unknown"),
        ["irfft length"] = () => torch.fft.irfft(V3, 0),
        ["complex types"] = () => torch.complex(V3, Doubles),
        ["view_as_complex"] = () => V3.view_as_complex(),
        ["imag of reals"] = () => V3.imag(),
        ["zeros negative"] = () => torch.zeros([-1]),
        ["arange step"] = () => torch.arange(0, 3, -1),
        ["linspace steps"] = () => torch.linspace(0, 1, -1),
        ["randint empty"] = () => torch.randint(3, 3, [2]),
        ["multinomial negative"] = () => (-V3).multinomial(1),
        ["multinomial too many"] = () => V3.multinomial(4),
        ["bernoulli range"] = () => V3.clone().bernoulli_(2),
        ["normal_ spread"] = () => V3.clone().normal_(0, -1),
        ["cdist shapes"] = () => torch.cdist(M23, M45),
        ["meshgrid dims"] = () => torch.meshgrid(M23),
        ["copy_ shapes"] = () => V3.clone().copy_(V2),
        ["item of many"] = () => V3.item<float>(),
        ["equal types"] = () => V3.allclose(Doubles),
        ["broadcast_tensors"] = () => torch.broadcast_tensors(V2, V3),
        ["kron of nothing"] = () => torch.tensordot(M23, M45, [0], [0]),
        ["unknown device"] = () => torch.ones([1]).to(new Device(DeviceType.CUDA, 99)),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mistake_is_an_exception_with_a_message(string name)
    {
        var error = Assert.Throws<TorchException>(Mistakes[name]);
        Assert.True(error.Message.Length > 10, error.Message);
        Assert.DoesNotContain("frame #", error.Message);
        Assert.DoesNotContain("managed exception", error.Message);
    }

    [Fact]
    public void The_message_is_ATens()
    {
        Assert.StartsWith("The size of tensor a (3) must match the size of tensor b (5) at non-singleton dimension 1",
            Assert.Throws<TorchException>(Mistakes["add shapes"]).Message);
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)",
            Assert.Throws<TorchException>(Mistakes["matmul shapes"]).Message);
    }

    [Fact]
    public void A_null_tensor_is_an_error()
    {
        Assert.ThrowsAny<Exception>(() => V3.add((Tensor)null!));
        Assert.ThrowsAny<Exception>(() => torch.cat([V3, null!]));
        Assert.ThrowsAny<Exception>(() => torch.matmul(null!, V3));
        Assert.ThrowsAny<Exception>(() => V3[0] = null!);
        Assert.ThrowsAny<Exception>(() => F.linear(V3, null!));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(77)]
    public void An_unknown_element_type_is_an_error_before_libtorch_sees_it(int code)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => V3.to((ScalarType)code));
        Assert.Throws<ArgumentOutOfRangeException>(() => torch.zeros([1], (ScalarType)code));
        Assert.Throws<ArgumentOutOfRangeException>(() => V3.softmax(0, (ScalarType)code));
    }

    [Fact]
    public void Threads_get_their_own_errors()
    {
        Parallel.For(0, 200, k =>
        {
            var (a, b) = (k + 2, k + 1000);
            var error = Assert.Throws<TorchException>(() => torch.ones([a]).add(torch.ones([b])));
            Assert.Contains($"({a})", error.Message);
            Assert.Contains($"({b})", error.Message);
        });
    }
}
