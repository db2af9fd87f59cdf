using Interp.Circuits.Heads;
using Interp.Circuits.Patching;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Ioi;

/// <summary>Who does what when a model finds the indirect object, after Wang et al. 2022.</summary>
/// <remarks>
/// Every head is measured (<see cref="IoiHead"/>) and gets the roles whose criteria it meets; the heads that carry a
/// share of the difference between clean and flipped prompts are the circuit, which is then tested by mean ablation:
/// alone it must keep the answer, and without it the answer must go.
/// <code>
/// using var data = IoiDataset.Create(model);
/// var analysis = IoiAnalysis.Of(model, data);
/// </code>
/// </remarks>
public sealed record IoiAnalysis
{
    /// <summary>The model's answers.</summary>
    public required IoiBehaviour Behaviour { get; init; }

    /// <summary>Its answers, of the same receivers, when the receiver gives.</summary>
    public required IoiBehaviour Flipped { get; init; }

    /// <summary>Every head.</summary>
    public required IReadOnlyList<IoiHead> Heads { get; init; }

    /// <summary>The heads that carry at least <see cref="IoiBounds.Circuit"/>, and the name movers.</summary>
    public required IReadOnlyList<HeadName> Circuit { get; init; }

    /// <summary>With the circuit's heads alone; the others are at their means over other names.</summary>
    public required IoiBehaviour Kept { get; init; }

    /// <summary>Without them.</summary>
    public required IoiBehaviour Removed { get; init; }

    /// <summary>Without any head.</summary>
    public required IoiBehaviour None { get; init; }

    /// <summary>(kept − none) / (whole − none) of the logit difference.</summary>
    public double Faithfulness => (Kept.Difference - None.Difference) / (Behaviour.Difference - None.Difference);

    /// <summary>The heads with a role.</summary>
    public IReadOnlyList<HeadName> With(IoiRole role) =>
        [.. Heads.Where(head => head.Has(role)).Select(head => head.Name)];

    /// <summary>The claims, checked.</summary>
    public IReadOnlyList<Verdict> Verdicts() => IoiVerdicts.Of(this);

    /// <summary>Analyses a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">Prompts made for it.</param>
    /// <param name="progress">Told what is being measured.</param>
    /// <param name="cancellation">Stops between parts.</param>
    public static IoiAnalysis Of(HookedTransformer model, IoiDataset data, IProgress<string>? progress = null,
        CancellationToken cancellation = default)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var meters = data.Batches.Select(batch => (Batch: batch, Meter: new IoiMeter(model, batch))).ToArray();
        void Next(string part)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(part);
        }
        Next("heads");
        var heads = Average([.. meters.Select(pair => pair.Meter.Measure())]);
        Next("paths to queries");
        heads = Paths(heads, meters, IoiRole.NameMover, "q", (head, path) => head with { PathToQueries = path });
        Next("paths to values");
        heads = Paths(heads, meters, IoiRole.SInhibition, "v", (head, path) => head with { PathToValues = path });
        Next("ablation");
        HeadName[] circuit = [.. heads.Where(head => Math.Abs(head.Whole) >= IoiBounds.Circuit
            || head.Has(IoiRole.NameMover)).Select(head => head.Name)];
        HeadName[] others = [.. heads.Select(head => head.Name).Except(circuit)];
        IoiBehaviour Without(HeadName[] removed) =>
            Mean(meters.Select(pair => pair.Meter.Behave(pair.Batch.Tokens, Means(model, pair.Batch, removed))));
        return new IoiAnalysis
        {
            Behaviour = Without([]),
            Flipped = Mean(meters.Select(pair => pair.Meter.Behave(pair.Batch.Corrupted(IoiCorruption.OtherGives)))),
            Heads = heads,
            Circuit = circuit,
            Kept = Without(others),
            Removed = Without(circuit),
            None = Without([.. circuit, .. others]),
        };
    }

    private static IoiHead[] Paths(IoiHead[] heads, (IoiBatch Batch, IoiMeter Meter)[] meters, IoiRole to,
        string input, Func<IoiHead, double, IoiHead> with)
    {
        PatchSite[] receivers = [.. heads.Where(head => head.Has(to))
            .Select(head => new PatchSite($"blocks.{head.Name.Layer}.attn.hook_{input}") { Head = head.Name.Head })];
        if (receivers.Length == 0) return heads;
        var found = meters.Select(pair => pair.Meter.Paths(receivers)).ToArray();
        return [.. heads.Select((head, at) => with(head, found.Average(paths => paths[at])))];
    }

    private static Hook[] Means(HookedTransformer model, IoiBatch batch, HeadName[] removed)
    {
        if (removed.Length == 0) return [];
        var layers = removed.GroupBy(head => head.Layer).ToArray();
        var names = layers.Select(layer => $"blocks.{layer.Key}.attn.hook_z").ToArray();
        var means = model.CacheOnly(batch.Corrupted(IoiCorruption.OtherNames), names);
        return [.. layers.Select(layer =>
        {
            var chosen = new bool[model.Config.NHeads];
            foreach (var head in layer) chosen[head.Head] = true;
            var mask = torch.tensor(chosen, [1, 1, chosen.Length, 1], device: model.Device);
            var mean = means["z", layer.Key].mean([0], true); // [1, pos, head, d_head]
            return new Hook($"blocks.{layer.Key}.attn.hook_z", (z, _) => torch.where(mask, mean, z));
        })];
    }

    private static IoiBehaviour Mean(IEnumerable<IoiBehaviour> all)
    {
        var found = all.ToArray();
        return new IoiBehaviour(found.Average(b => b.Difference), found.Average(b => b.Preferred),
            found.Average(b => b.Probability));
    }

    /// <summary>The means over templates, which have as many prompts each.</summary>
    private static IoiHead[] Average(IoiHead[][] batches) => [.. batches[0].Select((first, at) =>
    {
        double Of(Func<IoiHead, double> value) => batches.Average(heads => value(heads[at]));
        return first with
        {
            Direct = Of(h => h.Direct),
            PathToLogits = Of(h => h.PathToLogits),
            Whole = Of(h => h.Whole),
            EndToReceiver = Of(h => h.EndToReceiver),
            EndToGiver = Of(h => h.EndToGiver),
            EndToSecond = Of(h => h.EndToSecond),
            SecondToGiver = Of(h => h.SecondToGiver),
            SecondToNext = Of(h => h.SecondToNext),
            NextToGiver = Of(h => h.NextToGiver),
            Copying = Of(h => h.Copying),
            NegativeCopying = Of(h => h.NegativeCopying),
        };
    })];
}
