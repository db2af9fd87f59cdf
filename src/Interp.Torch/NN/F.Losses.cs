using Interp.Torch.Engine;

namespace Interp.Torch;

// Losses beside cross_entropy and mse_loss.
public static partial class F
{
    private static readonly Operator NllOp = Operator.Get("aten::nll_loss_nd");
    private static readonly Operator BinaryCrossEntropyOp = Operator.Get("aten::binary_cross_entropy");
    private static readonly Operator BinaryCrossEntropyWithLogitsOp =
        Operator.Get("aten::binary_cross_entropy_with_logits");
    private static readonly Operator KlDivOp = Operator.Get("aten::kl_div");
    private static readonly Operator L1Op = Operator.Get("aten::l1_loss");
    private static readonly Operator SmoothL1Op = Operator.Get("aten::smooth_l1_loss");
    private static readonly Operator HuberOp = Operator.Get("aten::huber_loss");

    /// <summary>−x[target], for logarithms of probabilities x [N, classes, …] and targets [N, …].</summary>
    public static Tensor nll_loss(Tensor logProbabilities, Tensor target, Reduction reduction = Reduction.Mean,
        long ignoreIndex = -100) =>
        NllOp.Call(logProbabilities, target, Arg.None, (long)reduction, ignoreIndex);

    /// <summary>−t log p − (1 − t) log(1 − p), for probabilities p.</summary>
    public static Tensor binary_cross_entropy(Tensor probabilities, Tensor target,
        Reduction reduction = Reduction.Mean) =>
        BinaryCrossEntropyOp.Call(probabilities, target, Arg.None, (long)reduction);

    /// <summary>Binary cross-entropy of sigmoid(x), without overflow.</summary>
    /// <param name="logits">x.</param>
    /// <param name="target">Probabilities, of the same shape.</param>
    /// <param name="reduction">What is returned.</param>
    /// <param name="positiveWeight">A factor for the part of the true class, broadcast.</param>
    public static Tensor binary_cross_entropy_with_logits(Tensor logits, Tensor target,
        Reduction reduction = Reduction.Mean,
        Tensor? positiveWeight = null) =>
        BinaryCrossEntropyWithLogitsOp.Call(logits, target, Arg.None, positiveWeight, (long)reduction);

    /// <summary>
    /// t (log t − x), the divergence of x, given as logarithms, from t. The mean is over elements: for the divergence
    /// of distributions sum, and divide by the batch.
    /// </summary>
    /// <param name="input">Logarithms of probabilities.</param>
    /// <param name="target">Probabilities, or their logarithms.</param>
    /// <param name="reduction">What is returned.</param>
    /// <param name="logTarget">Whether the target is logarithms.</param>
    public static Tensor kl_div(Tensor input, Tensor target, Reduction reduction = Reduction.Mean,
        bool logTarget = false) =>
        KlDivOp.Call(input, target, (long)reduction, logTarget);

    /// <summary>|a − b|.</summary>
    public static Tensor l1_loss(Tensor a, Tensor b, Reduction reduction = Reduction.Mean) =>
        L1Op.Call(a, b, (long)reduction);

    /// <summary>(a − b)² / (2 beta) where |a − b| is less than beta, else |a − b| − beta / 2.</summary>
    public static Tensor smooth_l1_loss(Tensor a, Tensor b, Reduction reduction = Reduction.Mean, double beta = 1) =>
        SmoothL1Op.Call(a, b, (long)reduction, beta);

    /// <summary>(a − b)² / 2 where |a − b| is at most delta, else delta (|a − b| − delta / 2).</summary>
    public static Tensor huber_loss(Tensor a, Tensor b, Reduction reduction = Reduction.Mean, double delta = 1) =>
        HuberOp.Call(a, b, (long)reduction, delta);
}
