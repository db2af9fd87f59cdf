using Interp.Circuits.Heads;
using Interp.Circuits.Linear;
using Interp.Models;

namespace Interp.Studies.InductionHeads;

/// <summary>The induction circuit of a model: its heads found, their weights read, and each claim tested by intervention.</summary>
/// <remarks>
/// Problem: a head that attends as an induction head does may still not be one. Idea (Elhage et al. 2021, Olsson et al.
/// 2022): find the heads by what they do, then read from weights how they could do it, and then take parts away to see
/// whether it is done that way.
/// <code>
/// using var model = HookedTransformer.Load("models/induction");
/// var analysis = InductionAnalysis.Of(model);
/// foreach (var verdict in analysis.Verdicts()) Console.WriteLine($"{verdict.Claim}: {verdict.Measured}, holds: {verdict.Holds}");
/// </code>
/// Everything is measured on the model with norms folded and logits centred, which predicts the same.
/// </remarks>
public sealed record InductionAnalysis
{
    /// <summary>Scores and losses over seeds.</summary>
    public required InductionDetection Detection { get; init; }

    /// <summary>Σ Re λ / Σ |λ| of every head's W_E W_V W_O W_U, by layer and head (<see cref="CopyingScores"/>).</summary>
    public required IReadOnlyList<double> CopyingEigenvalues { get; init; }

    /// <summary>The heads taken for previous-token heads: those with a clear score, else the best; none in one layer.</summary>
    public required IReadOnlyList<HeadName> Previous { get; init; }

    /// <summary>The heads taken for induction heads: those with a clear score, else the best.</summary>
    public required IReadOnlyList<HeadName> Induction { get; init; }

    /// <summary>The previous-token head that adds most to the induction heads' attention; null in one layer.</summary>
    public required HeadName? Lead { get; init; }

    /// <summary>Mean and deviation of composition scores of random matrices of the model's shape.</summary>
    public required (double Mean, double Deviation) Baseline { get; init; }

    /// <summary>
    /// How each previous-token head reaches each induction head, and all other pairs whose path adds
    /// <see cref="InductionBounds.Contrast"/> nats.
    /// </summary>
    public required IReadOnlyList<HeadComposition> Composition { get; init; }

    /// <summary>What each earlier head adds to the attention scores of each later one at the right places, in nats.</summary>
    public required IReadOnlyDictionary<(HeadName Earlier, HeadName Later), double> Contrasts { get; init; }

    /// <summary>The whole model on the sequences of the first seed.</summary>
    public required Knockout Whole { get; init; }

    /// <summary>
    /// Without each of the heads below the induction heads, one by one, with zeros and with means; none where the whole
    /// model has no clear score to lose.
    /// </summary>
    public required IReadOnlyList<Knockout> Single { get; init; }

    /// <summary>Without all previous-token heads together, in each way.</summary>
    public required IReadOnlyList<Knockout> WithoutPrevious { get; init; }

    /// <summary>The logit of the right tokens, and what every head writes to it directly, by layer and head.</summary>
    public required (double Baseline, IReadOnlyList<double> Effects) Direct { get; init; }

    /// <summary>The routes of the <see cref="Lead"/>; null in one layer.</summary>
    public required PathRoutes? Routes { get; init; }

    /// <summary>The heads by scores, by composition and by ablation.</summary>
    public required IReadOnlyList<HeadsByMethod> Methods { get; init; }

    /// <summary>Whether there are heads with clear scores of both kinds; claims about such heads hold only then.</summary>
    public bool HeadsFound => Methods[0].Previous.Count > 0 && Methods[0].Induction.Count > 0;

    /// <summary>Whether the model has an induction circuit: all core claims hold.</summary>
    public bool CircuitFound => Verdicts().Where(verdict => verdict.IsCore).All(verdict => verdict.Holds);

    /// <summary>The claims, checked.</summary>
    public IReadOnlyList<Verdict> Verdicts() => InductionVerdicts.Of(this);

    /// <summary>Analyses a model.</summary>
    /// <param name="model">Predicts its own tokens; attention-only or not.</param>
    /// <param name="options">Sequences and seeds.</param>
    /// <param name="progress">Told what is being measured.</param>
    /// <param name="cancellation">Stops between parts.</param>
    /// <exception cref="ArgumentException">The model cannot have induction heads; the message says why.</exception>
    public static InductionAnalysis Of(HookedTransformer model, InductionStudyOptions? options = null,
        IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        using var work = new AnalysisRun(model, options ?? new InductionStudyOptions(), progress, cancellation);
        return work.Analyse();
    }
}
