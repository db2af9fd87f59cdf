using Interp.Circuits.Heads;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads;

/// <summary>Runs a model on repeated sequences without some of its heads.</summary>
internal sealed class KnockoutRunner : IDisposable
{
    private readonly HookedTransformer model;
    private readonly RepeatedSequences sequences;
    private readonly IReadOnlyList<HeadName> induction;
    private readonly Dictionary<int, Tensor> elsewhere = [];
    private readonly Tensor otherTokens;

    /// <param name="model">The model.</param>
    /// <param name="sequences">What it is run on.</param>
    /// <param name="others">Sequences of other tokens, for <see cref="HeadRemoval.Patch"/>.</param>
    /// <param name="induction">The heads whose prefix-matching score is followed.</param>
    internal KnockoutRunner(HookedTransformer model, RepeatedSequences sequences, RepeatedSequences others,
        IReadOnlyList<HeadName> induction)
    {
        (this.model, this.sequences, this.induction) = (model, sequences, induction);
        otherTokens = others.Tokens;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var z in elsewhere.Values) z.Dispose();
    }

    /// <summary>One run.</summary>
    internal Knockout Run(IReadOnlyList<HeadName> without, HeadRemoval how)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var scores = new List<HeadScore>();
        var edits = without.GroupBy(head => head.Layer).Select(layer => new Hook($"blocks.{layer.Key}.attn.hook_z",
            (z, _) => Replace(z, layer.Key, [.. layer.Select(head => head.Head)], how)));
        var reads = induction.Select(head => head.Layer).Distinct().Select(layer => new Hook($"blocks.{layer}.attn.hook_pattern",
            (pattern, _) =>
            {
                scores.AddRange(HeadScores.Score(layer, pattern, sequences));
                return null;
            }));
        var logits = model.RunWithHooks(sequences.Tokens, [.. edits, .. reads]);
        var losses = HookedTransformer.LossPerToken(logits, sequences.Tokens).mean([0]).to(ScalarType.Float64).ToArray<double>();
        var (first, repeated) = InductionDetection.Split(losses, sequences);
        var followed = scores.Where(score => induction.Contains(new HeadName(score.Layer, score.Head)));
        return new Knockout(without, how, followed.Average(score => score.Induction), first, repeated);
    }

    private Tensor Replace(Tensor z, int layer, int[] heads, HeadRemoval how)
    {
        using var scope = torch.NewDisposeScope();
        var changed = z.clone();
        foreach (var head in heads)
        {
            using var own = changed.select(2, head); // [sequence, pos, d_head]
            if (how == HeadRemoval.Zero) own.zero_();
            else if (how == HeadRemoval.Mean) own.copy_(own.mean([0, 1], keepdim: true));
            else own.copy_(Elsewhere(layer).select(2, head));
        }
        return scope.MoveToOuter(changed);
    }

    private Tensor Elsewhere(int layer)
    {
        if (!elsewhere.TryGetValue(layer, out var z))
            elsewhere[layer] = z = model.CacheOnly(otherTokens, [$"blocks.{layer}.attn.hook_z"])["z", layer].DetachFromDisposeScope();
        return z;
    }
}
