using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>Logits as a sum of waves, L(a, b, c) ≈ Σ_k α_k cos(w_k (a + b − c)), fitted by least squares.</summary>
/// <param name="Coefficients">α of each frequency.</param>
/// <param name="ExplainedVariance">
/// The part of the variance of the logits that the waves explain; the mean over the answers, which no probability depends
/// on, is taken off every pair first.
/// </param>
/// <param name="Loss">The loss of the waves alone; it is the same for every pair.</param>
public sealed record LogitApproximation(IReadOnlyDictionary<int, double> Coefficients, double ExplainedVariance, double Loss)
{
    /// <summary>Fits the waves.</summary>
    /// <param name="logits">[pair, answer]</param>
    /// <param name="projection">Of as many places.</param>
    /// <param name="basis">The basis.</param>
    /// <param name="frequencies">The frequencies k.</param>
    public static LogitApproximation Fit(Tensor logits, SumProjection projection, FourierBasis basis, IReadOnlyList<int> frequencies)
    {
        using var scope = torch.NewDisposeScope();
        var n = basis.Order;
        var centered = logits - logits.mean(1, keepdim: true);
        var profile = Profile(projection.Averages(centered).ToArray<double>(), n);
        // Waves of different frequencies are orthogonal over all (a, b, c), so each coefficient is fitted alone.
        var found = frequencies.ToDictionary(k => k, k =>
            profile.Select((value, d) => value * Wave(k, d, n)).Sum() / Enumerable.Range(0, n).Sum(d => Wave(k, d, n) * Wave(k, d, n)));
        var waves = Enumerable.Range(0, n).Select(d => found.Sum(pair => pair.Value * Wave(pair.Key, d, n))).ToArray();
        var total = centered.square().sum().ToDouble();
        var explained = total > 0 ? (double)n * n * waves.Sum(w => w * w) / total : 0;
        var largest = waves.Max();
        return new LogitApproximation(found, explained, largest - waves[0] + Math.Log(waves.Sum(w => Math.Exp(w - largest))));
    }

    /// <summary>The fitted logit at a distance d = a + b − c.</summary>
    /// <param name="distance">d</param>
    /// <param name="order">The number of places.</param>
    public double At(int distance, int order) => Coefficients.Sum(pair => pair.Value * Wave(pair.Key, distance, order));

    /// <summary>The mean logit at every distance a + b − c from the averages [sum, answer].</summary>
    internal static double[] Profile(double[] averages, int n) =>
        [.. Enumerable.Range(0, n).Select(d => Enumerable.Range(0, n).Average(sum => averages[sum * n + (sum - d + n) % n]))];

    private static double Wave(int k, int distance, int n) => Math.Cos(2 * Math.PI * ((long)k * distance % n) / n);
}
