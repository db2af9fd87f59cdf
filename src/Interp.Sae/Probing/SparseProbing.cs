using Interp.Sae.Dictionaries;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Probing;

/// <summary>Whether a dictionary has single features for what is known to be in activations.</summary>
/// <remarks>
/// Problem: a dictionary can rebuild activations well with features that mean nothing. Idea: take something that the
/// model surely represents, such as the first letter of a token, and see how well k features tell it.
/// <code>
/// 1. dᵢ = mean of feature i over true rows − over false rows        (training rows)
/// 2. the k features of largest |dᵢ|
/// 3. logistic regression on them; its accuracy on test rows
/// </code>
/// Gurnee et al. 2023 (arXiv 2305.01610); as in SAEBench (Karvonen et al. 2025, arXiv 2503.09532), sparse probing, whose
/// rows are half true and half false: 0.5 is chance there.
/// </remarks>
public static class SparseProbing
{
    /// <summary>Measures.</summary>
    /// <param name="dictionary">What is measured.</param>
    /// <param name="train">Rows on which features are chosen and probes fitted.</param>
    /// <param name="test">Other rows.</param>
    /// <param name="options">k, and the penalty of the probes.</param>
    /// <returns>A result for every k.</returns>
    /// <exception cref="ArgumentException">Rows are of another width, a class is missing, or k is larger than the
    /// dictionary.</exception>
    public static IReadOnlyList<SparseProbe> Measure(SparseCoder dictionary, LabelledActivations train,
        LabelledActivations test, SparseProbingOptions? options = null)
    {
        options ??= new SparseProbingOptions();
        train.Check("sparse probing (train)", dictionary.DIn);
        test.Check("sparse probing (test)", dictionary.DIn);
        if (options.Ks.FirstOrDefault(k => k < 1 || k > dictionary.DSae) is var bad and not 0)
            throw new ArgumentException($"sparse probing: k {bad} must be from 1 to {dictionary.DSae}");
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var features = FeatureSelection.MeanDifference(dictionary, train).abs().argsort(descending: true);
        var targets = train.Targets().to(ScalarType.Bool);
        var rows = train.Rows.to(ScalarType.Float64);
        var neurons = (rows[targets].mean([0]) - rows[targets.logical_not()].mean([0])).abs()
            .argsort(descending: true);
        return [.. options.Ks.Select(k => Probe(dictionary, train, test, options.C, features.narrow(0, 0, k),
            neurons.narrow(0, 0, Math.Min(k, dictionary.DIn))))];
    }

    private static SparseProbe Probe(SparseCoder dictionary, LabelledActivations train, LabelledActivations test,
        double c, Tensor features, Tensor neurons)
    {
        using var scope = torch.NewDisposeScope();
        return new SparseProbe((int)features.numel(), [.. features.ToArray<long>().Select(i => (int)i)],
            Score(data => FeatureSelection.Columns(dictionary, data.Rows, features)),
            Score(data => data.Rows.index_select(1, neurons)));

        BinaryScores Score(Func<LabelledActivations, Tensor> columns)
        {
            using var probe = LinearProbe.Fit(columns(train), train.Labels, c);
            return probe.Test(test with { Rows = columns(test) });
        }
    }
}
