using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Probing;

/// <summary>Whether a general feature is silent where a special one has taken its part over.</summary>
/// <remarks>
/// Problem: a sparse dictionary saves a feature by folding "starts with S" into the feature of "snake": the feature of
/// S looks right and yet misses arbitrary words. Idea: know the label from a probe on the activations, and see what
/// carries the probe's direction where the label's own features do not.
/// <code>
/// main features: k-sparse probes with k = 1, 2, …; stop when F1 rises by no more than 0.03
/// on every true row x that the probe recognizes, with p̂ its unit direction and cᵢ = fᵢ W_dec,i · p̂:
///   full absorption: all main features are off, the feature of largest cᵢ has cos(W_dec,i, p̂) ≥ 0.025 and
///                    cᵢ ≥ 0.4 · x · p̂
///   fraction: A = sum of the 3 largest cᵢ &gt; 0 of other features with cos ≥ 0.1;  M = Σ cᵢ of main features
///             0 where M ≥ x · p̂ or A &lt; 0.4 · x · p̂;  1 where M ≤ 0;  else a / (a + M), a = min(A, x · p̂ − M)
/// </code>
/// Chanin et al. 2024, "A is for Absorption" (arXiv 2409.14507); numbers and the fraction as in SAEBench (arXiv
/// 2503.09532; <c>feature_absorption_calculator.py</c>, <c>k_sparse_probing.py</c>), which takes decoder directions to be
/// of unit length. Here a feature counts by what it adds, fᵢ W_dec,i, whatever their lengths.
/// </remarks>
public static class FeatureAbsorption
{
    private const double Off = 1e-8;

    /// <summary>Finds a label's main features and measures what others took over.</summary>
    /// <param name="dictionary">A dictionary that rebuilds what it reads.</param>
    /// <param name="train">Rows on which features are chosen and k-sparse probes fitted.</param>
    /// <param name="test">Rows on which everything is measured.</param>
    /// <param name="probe">A probe of the label on activations, fitted to the training rows.</param>
    /// <param name="options">What counts as absorption.</param>
    /// <exception cref="ArgumentException">Rows are of another width, a class is missing, or the dictionary is a
    /// transcoder or crosscoder.</exception>
    public static AbsorptionReport Measure(SparseCoder dictionary, LabelledActivations train,
        LabelledActivations test, LinearProbe probe, AbsorptionOptions? options = null)
    {
        options ??= new AbsorptionOptions();
        options.Check();
        CheckKind(dictionary, probe);
        train.Check("absorption (train)", dictionary.DIn);
        test.Check("absorption (test)", dictionary.DIn);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var (main, f1) = MainFeatures(dictionary, train, test, options);
        var scores = probe.Scores(test.Rows).ToArray<double>();
        long[] recognized = [.. test.Labels.Select((label, i) => (label, i)).Where(p => p.label && scores[p.i] > 0)
            .Select(p => (long)p.i)];
        if (recognized.Length == 0) return new AbsorptionReport(main, f1, []);
        var rows = test.Rows.index_select(0, torch.tensor(recognized, [recognized.Length], device: test.Rows.device));
        return new AbsorptionReport(main, f1, [.. Rows(dictionary, rows, probe, main, options)
            .Select(row => row with { Row = (int)recognized[row.Row] })]);
    }

    /// <summary>What absorption did to activations of a label whose main features are known.</summary>
    /// <param name="dictionary">A dictionary that rebuilds what it reads.</param>
    /// <param name="rows">Activations [n, d_in] that the probe recognizes.</param>
    /// <param name="probe">A probe of the label on activations.</param>
    /// <param name="mainFeatures">The features of the label.</param>
    /// <param name="options">What counts as absorption.</param>
    public static IReadOnlyList<AbsorbedRow> Rows(SparseCoder dictionary, Tensor rows, LinearProbe probe,
        IReadOnlyList<int> mainFeatures, AbsorptionOptions? options = null)
    {
        options ??= new AbsorptionOptions();
        options.Check();
        CheckKind(dictionary, probe);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var direction = probe.Weight / probe.Weight.norm();
        var along = dictionary["W_dec"].to(ScalarType.Float64).MatMul(direction); // [d_sae] W_dec,i · p̂
        var cosines = (along / dictionary.DecoderNorms().to(ScalarType.Float64).clamp_min(1e-30)).ToArray<double>();
        var result = new List<AbsorbedRow>();
        for (var i = 0; i < rows.size(0); i++)
        {
            using var inner = torch.NewDisposeScope();
            var row = rows.narrow(0, i, 1);
            var features = dictionary.Encode(row).squeeze(0).to(ScalarType.Float64);
            var whole = row.to(ScalarType.Float64).MatMul(direction).ToDouble();
            result.Add(Row(i, features.ToArray<double>(), (features * along).ToArray<double>(), cosines, whole,
                mainFeatures, options));
        }

        return result;
    }

    private static AbsorbedRow Row(int index, double[] features, double[] carried, double[] cosines, double whole,
        IReadOnlyList<int> main, AbsorptionOptions options)
    {
        var first = Enumerable.Range(0, carried.Length).MaxBy(i => carried[i]);
        var full = main.All(i => features[i] < Off) && cosines[first] >= options.FullCosine && whole >= 0
            && carried[first] >= options.Projection * whole;
        var others = Enumerable.Range(0, carried.Length)
            .Where(i => carried[i] > 0 && cosines[i] >= options.FractionCosine && !main.Contains(i))
            .Select(i => carried[i]).OrderDescending().Take(options.MostAbsorbers).Sum();
        return new AbsorbedRow(index, full, Fraction(main.Sum(i => carried[i]), others, whole, options), first);
    }

    private static double Fraction(double main, double others, double whole, AbsorptionOptions options)
    {
        if (main >= whole || others < options.Projection * whole) return 0;
        if (main <= 0) return 1;
        var absorbed = Math.Min(others, whole - main);
        return Math.Clamp(absorbed / (absorbed + main), 0, 1);
    }

    /// <summary>The features of the largest k for which one more still helped.</summary>
    private static (IReadOnlyList<int> Features, double F1) MainFeatures(SparseCoder dictionary,
        LabelledActivations train, LabelledActivations test, AbsorptionOptions options)
    {
        using var scope = torch.NewDisposeScope();
        var candidates = FeatureSelection.MeanDifference(dictionary, train).abs().argsort(descending: true)
            .narrow(0, 0, Math.Min(options.Candidates, dictionary.DSae));
        var columns = FeatureSelection.Columns(dictionary, train.Rows, candidates);
        // Only features that speak for the label: the largest weights, not the largest in size.
        var order = FeatureSelection.SparseWeights(columns, train.Targets(), options.L1).argsort(descending: true);
        var tested = FeatureSelection.Columns(dictionary, test.Rows, candidates);
        var (best, chosen) = (double.NegativeInfinity, Array.Empty<int>());
        for (var k = 1; k <= Math.Min(options.MaxK, candidates.numel()); k++)
        {
            var which = order.narrow(0, 0, k);
            using var probe = LinearProbe.Fit(columns.index_select(1, which), train.Labels, balanced: true);
            var f1 = probe.Test(test with { Rows = tested.index_select(1, which) }).F1;
            if (!(f1 > best + options.F1Jump)) break;
            (best, chosen) = (f1, [.. candidates.index_select(0, which).ToArray<long>().Select(i => (int)i)]);
        }

        return (chosen, best);
    }

    private static void CheckKind(SparseCoder dictionary, LinearProbe probe)
    {
        if (dictionary is Transcoder or Crosscoder)
            throw new ArgumentException($"absorption: a {dictionary.GetType().Name} writes elsewhere than it reads; the "
                + "probe's direction is that of what is read");
        if (probe.Weight.numel() != dictionary.DIn)
            throw new ArgumentException($"absorption: the probe is {probe.Weight.numel()} wide and the dictionary reads "
                + $"{dictionary.DIn}");
    }
}
