using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>The whole reverse-engineering of a model of modular arithmetic, as numbers.</summary>
/// <remarks>
/// Nanda et al. 2023, "Progress measures for grokking via mechanistic interpretability": the model puts numbers on circles
/// (a few frequencies of the embedding), multiplies them in attention and MLP (neurons are products of one frequency), and
/// reads cos w(a + b − c) off.
/// <code>
/// using var model = HookedTransformer.Load("models/modadd");
/// var analysis = GrokAnalysis.Of(model, new ModularTask(113));
/// foreach (var verdict in analysis.Verdicts()) Console.WriteLine($"{verdict.Claim}: {verdict.Measured}, holds: {verdict.Holds}");
/// </code>
/// </remarks>
public sealed record GrokAnalysis
{
    /// <summary>The task.</summary>
    public required ModularTask Task { get; init; }

    /// <summary>The part of all pairs that the model gets right.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean loss over all pairs, among the answers, in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>The least distance of a right answer's logit to the best wrong one's.</summary>
    public required double SmallestMargin { get; init; }

    /// <summary>The sum of the squares of all weights.</summary>
    public required double SquaredWeights { get; init; }

    /// <summary>The embedding of the first number's places.</summary>
    public required FrequencySpectrum Embedding { get; init; }

    /// <summary>The map from neurons to logits.</summary>
    public required NeuronLogitMap Map { get; init; }

    /// <summary>Key frequencies by each of the three rules.</summary>
    public required IReadOnlyList<KeyFrequencies> KeyFrequencies { get; init; }

    /// <summary>The key frequencies that everything here is measured with: by the rule of the neuron-logit map.</summary>
    public KeyFrequencies Frequencies => KeyFrequencies.Single(key => key.Rule == FrequencyRule.NeuronLogitMap);

    /// <summary>Logits as waves of a + b − c.</summary>
    public required LogitApproximation Approximation { get; init; }

    /// <summary>The neurons by frequency.</summary>
    public required NeuronClusters Clusters { get; init; }

    /// <summary>The heads.</summary>
    public required IReadOnlyList<AttentionFit> Attention { get; init; }

    /// <summary>What can be taken away and what cannot.</summary>
    public required Ablations Ablations { get; init; }

    /// <summary>The loss over all pairs with the key frequencies alone.</summary>
    public required double RestrictedLoss { get; init; }

    /// <summary>The loss without the key frequencies, over the pairs that were trained on where the split is known, else over all.</summary>
    public required double ExcludedLoss { get; init; }

    /// <summary>The loss of the pairs trained on and of the others, where the split is known.</summary>
    public (double Train, double Test)? SplitLosses { get; init; }

    /// <summary>Clock or pizza.</summary>
    public required ClockOrPizza Algorithm { get; init; }

    /// <summary>What guessing costs: ln of the number of answers.</summary>
    public double Uniform => Math.Log(Task.Order);

    /// <summary>Whether the model has the circuit: all core claims hold.</summary>
    public bool CircuitFound => Verdicts().Where(verdict => verdict.IsCore).All(verdict => verdict.Holds);

    /// <summary>The published claims, checked.</summary>
    public IReadOnlyList<Verdict> Verdicts() => GrokVerdicts.Of(this);

    /// <summary>Analyses a model.</summary>
    /// <param name="model">One layer with a plain MLP and no norms.</param>
    /// <param name="task">The task.</param>
    /// <param name="split">The pairs that it was trained on, where that is known.</param>
    /// <param name="cancellation">Stops between parts.</param>
    /// <exception cref="ArgumentException">The model is another.</exception>
    public static GrokAnalysis Of(HookedTransformer model, ModularTask task, PairSplit? split = null, CancellationToken cancellation = default)
    {
        using var run = ModularActivations.Of(model, task, cancellation);
        return Of(model, run, split, cancellation);
    }

    /// <summary>Analyses a model whose activations are at hand.</summary>
    /// <inheritdoc cref="Of(HookedTransformer, ModularTask, PairSplit?, CancellationToken)"/>
    /// <param name="model">The model.</param>
    /// <param name="run">What it computes; it stays the caller's.</param>
    /// <param name="split">The pairs that it was trained on, where that is known.</param>
    /// <param name="cancellation">Stops between parts.</param>
    public static GrokAnalysis Of(HookedTransformer model, ModularActivations run, PairSplit? split = null,
        CancellationToken cancellation = default)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var basis = new FourierBasis(run.Task.Order);
        using var projection = new SumProjection(basis);
        var places = torch.tensor([.. run.Task.First.Select(token => (long)token)], [run.Task.Order], device: model.Device);
        var embedding = FrequencySpectrum.Of(model.W_E.detach().index_select(0, places), basis);
        var byMap = ModularAddition.KeyFrequencies.Of(NeuronLogitMap.SpectrumOf(run, basis), FrequencyRule.NeuronLogitMap);
        var keys = byMap.Frequencies;
        var clusters = NeuronClusters.Of(run.Neurons, basis);
        cancellation.ThrowIfCancellationRequested();
        var trained = split is null ? null : Index(split.Train);
        return new GrokAnalysis
        {
            Task = run.Task,
            Accuracy = run.Accuracy(run.Logits),
            Loss = run.Loss(run.Logits),
            SmallestMargin = run.SmallestMargin(),
            SquaredWeights = WeightSquares.Of(model),
            Embedding = embedding,
            Map = NeuronLogitMap.Of(run, basis, projection, keys),
            KeyFrequencies = [ModularAddition.KeyFrequencies.Of(embedding, FrequencyRule.Embedding), byMap, clusters.KeyFrequencies()],
            Approximation = LogitApproximation.Fit(run.Logits, projection, basis, keys),
            Clusters = clusters,
            Attention = AttentionFit.Of(run.Scores, run.Pattern, basis),
            Ablations = Ablations.Of(model, run, basis, projection, clusters, keys),
            RestrictedLoss = run.Loss(projection.Restricted(run.Logits, keys)),
            ExcludedLoss = run.Loss(projection.Excluded(run.Logits, keys), trained),
            SplitLosses = split is null ? null : (run.Loss(run.Logits, trained), run.Loss(run.Logits, Index(split.Test))),
            Algorithm = ClockOrPizza.Of(model, run),
        };
    }

    private static Tensor Index(IReadOnlyList<int> pairs) => torch.tensor([.. pairs.Select(pair => (long)pair)], [pairs.Count]);
}
