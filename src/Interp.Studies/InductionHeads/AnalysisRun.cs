using Interp.Circuits.Heads;
using Interp.Circuits.Linear;
using Interp.Circuits.Patching;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads;

/// <summary>The measurements of an <see cref="InductionAnalysis"/> one after the other.</summary>
internal sealed class AnalysisRun : IDisposable
{
    private const ulong OtherSeed = 1_000_003;

    private readonly HookedTransformer model;
    private readonly InductionStudyOptions options;
    private readonly IProgress<string>? progress;
    private readonly CancellationToken cancellation;
    private readonly RepeatedSequences sequences;
    private readonly RepeatedSequences others;

    internal AnalysisRun(HookedTransformer model, InductionStudyOptions options, IProgress<string>? progress,
        CancellationToken cancellation)
    {
        (this.options, this.progress, this.cancellation) = (options.Validate(), progress, cancellation);
        this.model = model.Process();
        sequences = RepeatedSequences.Create(this.model, options.Of(0));
        others = RepeatedSequences.Create(this.model, options.Of(0) with { Seed = options.Seed + OtherSeed });
    }

    private int Layers => model.Config.NLayers;

    /// <inheritdoc/>
    public void Dispose()
    {
        sequences.Dispose();
        others.Dispose();
        model.Dispose();
    }

    internal InductionAnalysis Analyse()
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        Next("scores");
        var detection = InductionDetection.Measure(model, options, cancellation);
        var (previous, induction) = Roles(detection.Heads);
        var senders = Senders(detection.Heads, induction);
        Next("composition");
        var contrasts = KeyPaths.Contrasts(model, sequences, senders, cancellation);
        var eigenvalues = model.CopyingScore().Values.to(ScalarType.Float64).ToArray<double>();
        HeadName? lead = previous.Count == 0 ? null : previous.MaxBy(earlier => induction.Sum(later => contrasts.GetValueOrDefault((earlier, later))));
        var composition = Compose(previous, induction, contrasts);
        Next("ablation");
        using var knockouts = new KnockoutRunner(model, sequences, others, induction);
        var whole = knockouts.Run([], HeadRemoval.Zero);
        Knockout Without(IReadOnlyList<HeadName> heads, HeadRemoval how)
        {
            cancellation.ThrowIfCancellationRequested();
            return knockouts.Run(heads, how);
        }
        // Where the heads do not attend so, there is nothing to lose.
        var known = whole.Induction >= InductionBounds.Score;
        Knockout[] single = [.. from head in known ? senders : [] from how in (HeadRemoval[])[HeadRemoval.Zero, HeadRemoval.Mean] select Without([head], how)];
        Knockout[] without = previous.Count == 0 ? [] : [.. Enum.GetValues<HeadRemoval>().Select(how => Without(previous, how))];
        Next("paths");
        var direct = Direct();
        using var baseline = new Generator(options.Seed);
        return new InductionAnalysis
        {
            Detection = detection,
            CopyingEigenvalues = eigenvalues,
            Previous = previous,
            Induction = induction,
            Lead = lead,
            Baseline = CompositionScores.Baseline(model, baseline),
            Composition = composition,
            Contrasts = contrasts,
            Whole = whole,
            Single = single,
            WithoutPrevious = without,
            Direct = direct,
            Routes = lead is { } sender ? Routes(sender, induction, direct.Baseline) : null,
            Methods =
            [
                HeadMethods.ByScores(detection.Heads),
                HeadMethods.ByComposition(composition, eigenvalues, model.Config.NHeads),
                HeadMethods.ByAblation(whole, single, direct, model.Config.NHeads),
            ],
        };
    }

    /// <summary>The heads with clear scores, else the best; a previous-token head is below an induction head.</summary>
    private (IReadOnlyList<HeadName> Previous, IReadOnlyList<HeadName> Induction) Roles(IReadOnlyList<HeadEstimate> heads)
    {
        var later = Layers == 1 ? heads : [.. heads.Where(head => head.Name.Layer > 0)];
        var induction = Clear(later, head => head.Induction.Mean);
        var top = induction.Max(name => name.Layer);
        return (Clear([.. heads.Where(head => head.Name.Layer < top)], head => head.PreviousToken.Mean), induction);
    }

    private static IReadOnlyList<HeadName> Clear(IReadOnlyList<HeadEstimate> heads, Func<HeadEstimate, double> score)
    {
        if (heads.Count == 0) return [];
        var clear = heads.Where(head => score(head) >= InductionBounds.Score).Select(head => head.Name).ToArray();
        return clear.Length > 0 ? clear : [heads.MaxBy(score)!.Name];
    }

    /// <summary>The heads below the last induction head, the likeliest previous-token heads where they are too many.</summary>
    private HeadName[] Senders(IReadOnlyList<HeadEstimate> heads, IReadOnlyList<HeadName> induction)
    {
        var top = induction.Max(name => name.Layer);
        return [.. heads.Where(head => head.Name.Layer < top).OrderByDescending(head => head.PreviousToken.Mean).Take(options.Senders)
            .Select(head => head.Name).OrderBy(name => name.Layer).ThenBy(name => name.Head)];
    }

    /// <summary>The pairs of the heads found, and all others whose path matters.</summary>
    private HeadComposition[] Compose(IReadOnlyList<HeadName> previous, IReadOnlyList<HeadName> induction,
        IReadOnlyDictionary<(HeadName Earlier, HeadName Later), double> contrasts)
    {
        if (previous.Count == 0) return [];
        var embeddings = TokenMatch.Embeddings(model);
        var found = from earlier in previous from later in induction where earlier.Layer < later.Layer select (earlier, later);
        var pairs = found.Union(contrasts.Where(pair => pair.Value >= InductionBounds.Contrast).Select(pair => (earlier: pair.Key.Earlier, later: pair.Key.Later)));
        return [.. pairs.Select(pair =>
        {
            cancellation.ThrowIfCancellationRequested();
            var (ov, qk, moved) = (model.OV(pair.earlier.Layer, pair.earlier.Head), model.QK(pair.later.Layer, pair.later.Head),
                model.OV(pair.later.Layer, pair.later.Head));
            double Score(FactoredMatrix right) => CompositionScores.Of(ov, right).ToSingle();
            return new HeadComposition(pair.earlier, pair.later, Score(qk), Score(qk.T), Score(moved),
                TokenMatch.Of(model, embeddings, pair.earlier, pair.later), contrasts.GetValueOrDefault(pair, double.NaN));
        })];
    }

    /// <summary>What is lost of the right tokens' logit when a head's direct path to the logits gets its mean over other texts.</summary>
    private (double Baseline, IReadOnlyList<double> Effects) Direct()
    {
        var result = PathPatching.Run(model, sequences.Tokens, PatchSource.Mean(others.Tokens), PathPatching.Heads(model),
            [PathPatching.Logits(model)], new RepeatedTokenLogit(sequences), new SweepOptions { Cancellation = cancellation });
        return (result.Baseline, [.. result.Values.Select(value => result.Baseline - value)]);
    }

    private PathRoutes Routes(HeadName sender, IReadOnlyList<HeadName> induction, double baseline)
    {
        var (metric, source) = (new RepeatedTokenLogit(sequences), PatchSource.Run(others.Tokens));
        var site = new PatchSite($"blocks.{sender.Layer}.attn.hook_z") { Head = sender.Head };
        using var patching = new ActivationPatching(model, sequences.Tokens, source, metric);
        var whole = patching.Run([site]).Values[0];
        var group = model.Config.NHeads / model.Config.KeyValueHeads;
        double Lost(string hook, int divisor) => baseline - PathPatching.Run(model, sequences.Tokens, source, [site],
            [.. induction.Where(head => head.Layer > sender.Layer)
                .Select(head => new PatchSite($"blocks.{head.Layer}.attn.{hook}") { Head = head.Head / divisor }).Distinct()], metric).Values[0];
        return new PathRoutes(sender, baseline, baseline - whole, Lost("hook_k", group), Lost("hook_q", 1), Lost("hook_v", group));
    }

    private void Next(string part)
    {
        cancellation.ThrowIfCancellationRequested();
        progress?.Report(part);
    }
}
