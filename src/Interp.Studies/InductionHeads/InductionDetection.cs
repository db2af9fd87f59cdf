using Interp.Circuits.Heads;
using Interp.Circuits.Statistics;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads;

/// <summary>What a model and its heads do on repeated random sequences, over several seeds of sequences.</summary>
/// <remarks>
/// The scores of every head (<see cref="HeadScores"/>, and copying), the loss at every position, and how much easier
/// repeated tokens are than new ones: on random tokens nothing but looking back can make them easier. All intervals
/// are 95% intervals of the mean over seeds (<see cref="Estimate"/>).
/// <code>
/// var found = InductionDetection.Measure(model);
/// Console.WriteLine($"repeated tokens cost {found.RepeatedLoss}, new ones {found.FirstLoss} nats");
/// </code>
/// </remarks>
public sealed record InductionDetection
{
    /// <summary>One entry a head, by layer and head.</summary>
    public required IReadOnlyList<HeadEstimate> Heads { get; init; }

    /// <summary>The loss of predicting the token at position 1, 2, …, in nats.</summary>
    public required IReadOnlyList<Estimate> LossByPosition { get; init; }

    /// <summary>The mean loss on the first copy, in nats.</summary>
    public required Estimate FirstLoss { get; init; }

    /// <summary>The mean loss on the later copies, from their second token on, in nats.</summary>
    public required Estimate RepeatedLoss { get; init; }

    /// <summary>
    /// Loss late in the context less loss early in it, here later copies less the first; negative where the context
    /// helps. Olsson et al. 2022 take the 500th and the 50th token of natural text (<see cref="InContextScore"/>).
    /// </summary>
    public required Estimate InContext { get; init; }

    /// <summary>Where the first copy starts.</summary>
    public required int Start { get; init; }

    /// <summary>Tokens of a copy.</summary>
    public required int Period { get; init; }

    /// <summary>Copies.</summary>
    public required int Repeats { get; init; }

    /// <summary>The options.</summary>
    public required InductionStudyOptions Options { get; init; }

    /// <summary>Measures a model.</summary>
    /// <exception cref="ArgumentException">The model cannot copy: its outputs are not its tokens; or its context is too short.</exception>
    public static InductionDetection Measure(HookedTransformer model, InductionStudyOptions? options = null,
        CancellationToken cancellation = default)
    {
        options = (options ?? new InductionStudyOptions()).Validate();
        if (model.Config.OutputSize != model.Config.DVocab)
            throw new ArgumentException(
                $"{model.Config.ModelName} reads {model.Config.DVocab} tokens and has {model.Config.OutputSize} outputs: it " +
                "does not predict its own tokens, so it cannot have induction heads");
        var runs = Enumerable.Range(0, options.Seeds).Select(seed => RunOf(model, options.Of(seed), cancellation)).ToArray();
        Estimate Over(Func<Run, double> value) => Estimate.Of([.. runs.Select(value)]);
        var first = runs[0];
        return new InductionDetection
        {
            Heads = [.. Enumerable.Range(0, first.Scores.Count).Select(at => new HeadEstimate(
                new HeadName(first.Scores[at].Layer, first.Scores[at].Head), Over(run => run.Scores[at].PreviousToken),
                Over(run => run.Scores[at].DuplicateToken), Over(run => run.Scores[at].Induction),
                Over(run => run.Copying[at])))],
            LossByPosition = [.. Enumerable.Range(0, first.Losses.Length).Select(at => Over(run => run.Losses[at]))],
            FirstLoss = Over(run => run.First),
            RepeatedLoss = Over(run => run.Repeated),
            InContext = Over(run => run.Repeated - run.First),
            Start = first.Start,
            Period = first.Period,
            Repeats = first.Repeats,
            Options = options,
        };
    }

    /// <summary>Mean losses on the first copy and on the later ones of losses by position.</summary>
    internal static (double First, double Repeated) Split(double[] losses, RepeatedSequences sequences)
    {
        // Entry i is the loss of predicting the token at i + 1. The first token of the second copy is as new as any.
        var (from, second) = (Math.Max(sequences.Start - 1, 0), sequences.Start + sequences.Period);
        return (losses[from..(second - 1)].Average(), losses[second..].Average());
    }

    private static Run RunOf(HookedTransformer model, HeadScoreOptions options, CancellationToken cancellation)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var sequences = RepeatedSequences.Create(model, options);
        var (scores, copying) = (new List<HeadScore>(), new List<double>());
        var hooks = Enumerable.Range(0, model.Config.NLayers).SelectMany(layer => (Hook[])
        [
            new($"blocks.{layer}.attn.hook_v", (values, _) =>
            {
                cancellation.ThrowIfCancellationRequested();
                copying.AddRange(OVCopying.Score(model, layer, values, sequences));
                return null;
            }),
            new($"blocks.{layer}.attn.hook_pattern", (pattern, _) =>
            {
                scores.AddRange(HeadScores.Score(layer, pattern, sequences));
                return null;
            }),
        ]).ToArray();
        var logits = model.RunWithHooks(sequences.Tokens, hooks);
        var losses = HookedTransformer.LossPerToken(logits, sequences.Tokens).mean([0]).to(ScalarType.Float64).ToArray<double>();
        var (first, repeated) = Split(losses, sequences);
        return new Run(scores, copying, losses, first, repeated, sequences.Start, sequences.Period, sequences.Repeats);
    }

    private sealed record Run(IReadOnlyList<HeadScore> Scores, IReadOnlyList<double> Copying, double[] Losses, double First,
        double Repeated, int Start, int Period, int Repeats);
}
