using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Probing;

/// <summary>A direction that tells whether an activation is of something: yes where x · Weight + Bias &gt; 0.</summary>
/// <remarks>
/// Fitted by Newton's method in float64 on the loss of scikit-learn's <c>LogisticRegression</c>,
/// <code>
/// ½ ‖w‖² + C Σᵢ sᵢ log(1 + exp(−yᵢ (xᵢ · w + b)))
/// </code>
/// where s weighs both classes alike if that is asked for (<c>class_weight="balanced"</c>), else it is 1. For few
/// dimensions: a step solves a system of that size.
/// </remarks>
public sealed class LinearProbe : IDisposable
{
    private const int MostSteps = 100;
    private const double Tolerance = 1e-10;

    /// <param name="weight">[d], taken over.</param>
    /// <param name="bias">b</param>
    public LinearProbe(Tensor weight, double bias)
    {
        if (weight.dim() != 1) throw new ArgumentException($"a probe's weight is [d], not "
            + $"[{string.Join(", ", weight.shape)}]");
        Weight = weight.to(ScalarType.Float64).clone().DetachFromDisposeScope();
        Bias = bias;
    }

    /// <summary>w [d], float64.</summary>
    public Tensor Weight { get; }

    /// <summary>b</summary>
    public double Bias { get; }

    /// <summary>Fits a probe.</summary>
    /// <param name="rows">[n, d]</param>
    /// <param name="labels">n truth values.</param>
    /// <param name="c">C, the weight of the data against the penalty; <value>1</value> (scikit-learn).</param>
    /// <param name="balanced">Whether both classes weigh alike, however many rows they have.</param>
    /// <exception cref="ArgumentException">A class is missing, or shapes do not fit.</exception>
    public static LinearProbe Fit(Tensor rows, IReadOnlyList<bool> labels, double c = 1, bool balanced = false)
    {
        if (!(c > 0)) throw new ArgumentException($"probe: C {c} must be positive");
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var data = new LabelledActivations(rows, labels);
        data.Check("probe", (int)rows.size(-1));
        var y = data.Targets();
        var (n, positives) = ((double)labels.Count, (double)data.Positives);
        var share = balanced ? y * (n / (2 * positives)) + (1 - y) * (n / (2 * (n - positives))) : torch.ones_like(y);
        var x = torch.cat([rows.to(ScalarType.Float64), torch.ones([rows.size(0), 1], ScalarType.Float64,
            rows.device)], 1);
        var penalty = torch.ones([x.size(1)], ScalarType.Float64, rows.device);
        penalty.narrow(0, x.size(1) - 1, 1).zero_(); // the bias is free
        var found = Newton(x, y, share * c, penalty);
        return new LinearProbe(found.narrow(0, 0, x.size(1) - 1), found[-1].ToDouble());
    }

    /// <summary>x · Weight + Bias of rows [n, d].</summary>
    public Tensor Scores(Tensor rows)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(rows.to(ScalarType.Float64).MatMul(Weight) + Bias);
    }

    /// <summary>How often the probe is right.</summary>
    public BinaryScores Test(LabelledActivations data)
    {
        using var scope = torch.NewDisposeScope();
        return BinaryScores.Of([.. Scores(data.Rows).ToArray<double>().Select(score => score > 0)], data.Labels);
    }

    /// <inheritdoc/>
    public void Dispose() => Weight.Dispose();

    private static Tensor Newton(Tensor x, Tensor y, Tensor share, Tensor penalty)
    {
        var w = torch.zeros([x.size(1)], ScalarType.Float64, x.device);
        double Loss(Tensor at)
        {
            var z = x.MatMul(at);
            return ((torch.nn.functional.softplus(z) - y * z) * share).sum().ToDouble()
                + (penalty * at.square()).sum().ToDouble() / 2;
        }

        var value = Loss(w);
        for (var step = 0; step < MostSteps; step++)
        {
            var p = x.MatMul(w).sigmoid();
            var gradient = x.t().MatMul(share * (p - y)) + penalty * w;
            if (gradient.abs().max().ToDouble() <= Tolerance * y.numel()) break;
            var curvature = (x * (share * p * (1 - p)).unsqueeze(1)).t().MatMul(x) + penalty.diag();
            var direction = torch.linalg.solve(curvature + torch.eye(w.numel(), dtype: ScalarType.Float64, device: x.device) * 1e-9,
                gradient);
            var size = 1.0;
            while (size > 1e-9 && !(Loss(w - direction * size) < value)) size /= 2;
            if (size <= 1e-9) break; // as low as the arithmetic can tell
            w = w - direction * size;
            value = Loss(w);
        }

        return w;
    }
}
