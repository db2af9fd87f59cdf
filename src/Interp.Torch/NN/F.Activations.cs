using Interp.Torch.Engine;

namespace Interp.Torch;

// Activation functions as functions, normalization and dropout.
public static partial class F
{
    private static readonly Operator LeakyReluOp = Operator.Get("aten::leaky_relu");
    private static readonly Operator EluOp = Operator.Get("aten::elu");
    private static readonly Operator GluOp = Operator.Get("aten::glu");
    private static readonly Operator LogSigmoidOp = Operator.Get("aten::log_sigmoid");
    private static readonly Operator CosineSimilarityOp = Operator.Get("aten::cosine_similarity");

    /// <summary>max(x, 0).</summary>
    public static Tensor relu(Tensor x) => x.relu();

    /// <summary>x · Φ(x), exact or with <c>"tanh"</c>.</summary>
    public static Tensor gelu(Tensor x, string approximate = "none") => x.gelu(approximate);

    /// <summary>x · sigmoid(x).</summary>
    public static Tensor silu(Tensor x) => x.silu();

    /// <summary>x, or slope · x where x is negative.</summary>
    public static Tensor leaky_relu(Tensor x, double slope = 0.01) => LeakyReluOp.Call(x, slope);

    /// <summary>x, or alpha (exp(x) − 1) where x is negative.</summary>
    public static Tensor elu(Tensor x, double alpha = 1) => EluOp.Call(x, alpha);

    /// <summary>The first half of a dimension times the sigmoid of the second.</summary>
    public static Tensor glu(Tensor x, long dim = -1) => GluOp.Call(x, dim);

    /// <summary>log sigmoid(x), without overflow.</summary>
    public static Tensor logsigmoid(Tensor x) => LogSigmoidOp.Call(x);

    /// <summary>exp(x) normalized to sum 1 along a dimension.</summary>
    public static Tensor softmax(Tensor x, long dim, ScalarType? dtype = null) => x.softmax(dim, dtype);

    /// <summary>Logarithm of the softmax along a dimension.</summary>
    public static Tensor log_softmax(Tensor x, long dim, ScalarType? dtype = null) => x.log_softmax(dim, dtype);

    /// <summary>a · b / (max(‖a‖, eps) · max(‖b‖, eps)) along a dimension.</summary>
    public static Tensor cosine_similarity(Tensor a, Tensor b, long dim = 1, double eps = 1e-8) =>
        CosineSimilarityOp.Call(a, b, dim, eps);

    /// <summary>x / max(‖x‖, eps) along a dimension.</summary>
    public static Tensor normalize(Tensor x, double p = 2, long dim = 1, double eps = 1e-12)
    {
        using var norm = x.norm([dim], p, keepdim: true);
        using var limited = norm.clamp_min(eps);
        return x.div(limited);
    }

    /// <summary>Sets elements to 0 with a probability and divides the others by what is left of 1.</summary>
    /// <param name="x">Any floats.</param>
    /// <param name="p">The probability, from 0 to 1.</param>
    /// <param name="training">Without it x comes back as it is.</param>
    /// <param name="generator">Where the choice comes from; the device's default where null.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is outside [0, 1].</exception>
    public static Tensor dropout(Tensor x, double p = 0.5, bool training = true, Generator? generator = null)
    {
        if (p is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "a probability is from 0 to 1");
        if (!training || p == 0) return x.Share();
        using var mask = Mask(x, p, generator);
        return x.mul(mask);
    }

    private static Tensor Mask(Tensor x, double p, Generator? generator)
    {
        using var noGrad = torch.no_grad();
        var mask = torch.empty_like(x).bernoulli_(1 - p, generator);
        return p < 1 ? mask.div_(1 - p) : mask;
    }
}
