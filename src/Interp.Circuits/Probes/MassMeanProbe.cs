using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Probes;

/// <summary>A classifier along the difference of the classes' means (Marks and Tegmark 2023).</summary>
/// <remarks>
/// With θ = μ₁ − μ₀ and m the middle between the means, p(1 | x) = σ((x − m) · θ). It has nothing to fit, and its
/// direction often steers better than that of logistic regression. For examples like those it was made from,
/// <c>covariance: true</c> tilts it by the inverse covariance within the classes, (x − m) · Σ⁻¹ θ: linear discriminant
/// analysis. To Σ a ten-thousandth of the mean variance of the features is added, so that it has an inverse.
/// <code>
/// var probe = MassMeanProbe.Fit(features, labels);      // [n, d], [n] of 0 and 1
/// var truth = probe.Direction;                          // [d]
/// </code>
/// </remarks>
public sealed class MassMeanProbe : IProbe
{
    private const double Ridge = 1e-4;

    private readonly Tensor reader;
    private readonly double offset;

    private MassMeanProbe(Tensor direction, Tensor reader, double offset)
    {
        Direction = direction;
        this.reader = reader;
        this.offset = offset;
    }

    /// <summary>θ = μ₁ − μ₀ [d]; float64.</summary>
    public Tensor Direction { get; }

    /// <inheritdoc/>
    public int Classes => 2;

    /// <summary>Makes a probe.</summary>
    /// <param name="features">[n, d]</param>
    /// <param name="labels">0 and 1 [n].</param>
    /// <param name="covariance">Tilt by the inverse covariance within the classes; <value>false</value>.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or there are not two classes.</exception>
    public static MassMeanProbe Fit(Tensor features, Tensor labels, bool covariance = false)
    {
        var classes = ProbeData.Check(features, labels);
        if (classes != 2)
            throw new ArgumentException($"a mass-mean probe is for two classes, and the labels have {classes}");
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var x = features.to(ScalarType.Float64);
        var second = labels.to(ScalarType.Float64, features.device);
        var (ones, zeros) = (Mean(x, second), Mean(x, 1 - second));
        var direction = ones - zeros;
        var reader = covariance ? Tilt(x, second, ones, zeros, direction) : direction.clone();
        var offset = ((ones + zeros) / 2).dot(reader).ToDouble();
        return new MassMeanProbe(scope.MoveToOuter(direction), scope.MoveToOuter(reader), offset);
    }

    /// <inheritdoc/>
    public Tensor Logits(Tensor features)
    {
        using var scope = torch.NewDisposeScope();
        var scores = features.to(ScalarType.Float64).MatMul(reader) - offset; // [n]
        return scope.MoveToOuter(torch.stack([torch.zeros_like(scores), scores], 1));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Direction.Dispose();
        reader.Dispose();
    }

    private static Tensor Mean(Tensor x, Tensor weights) => weights.MatMul(x) / weights.sum();

    /// <summary>Σ⁻¹ θ with the covariance of what is left when every row's class mean is taken off.</summary>
    private static Tensor Tilt(Tensor x, Tensor second, Tensor ones, Tensor zeros, Tensor direction)
    {
        var means = second.unsqueeze(1) * ones + (1 - second).unsqueeze(1) * zeros;
        var within = x - means;
        var sigma = within.t().MatMul(within) / (double)x.size(0);
        // Σ is symmetric and not negative, but rounding may leave it singular: its eigenvalues get a floor. Where nothing
        // varies within the classes the difference counts much, but not infinitely much.
        var (values, vectors) = torch.linalg.eigh(sigma.to(ScalarType.Float64));
        var floor = Math.Max(Ridge * x.var([0], unbiased: false).mean().ToDouble(), 1e-30);
        var along = vectors.t().MatMul(direction.to(ScalarType.Float64)) / (values.clamp_min(0) + floor);
        return vectors.MatMul(along).to(x.dtype);
    }
}
