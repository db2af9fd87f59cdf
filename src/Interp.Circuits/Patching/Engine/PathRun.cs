using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using ModelPositions = Interp.Models.Components.Positions;

namespace Interp.Circuits.Patching.Engine;

/// <summary>One path patching: what every sender changes in every receiver's input, and the runs with the receivers'
/// new values.</summary>
internal sealed class PathRun
{
    private readonly HookedTransformer model;
    private readonly SweepEngine engine;
    private readonly SweepOptions options;
    private readonly SiteCheck[] senders;
    private readonly SiteCheck[] receivers;
    private readonly ActivationCache plain;
    private readonly ActivationCache source;

    internal PathRun(HookedTransformer model, Tensor tokens, PatchSource source, IReadOnlyList<PatchSite> senders,
        IReadOnlyList<PatchSite> receivers, SweepEngine engine, SweepOptions options)
    {
        (this.model, this.engine, this.options) = (model, engine, options);
        if (model.Config.UseNormalizationBeforeAndAfter)
            throw new ArgumentException("path patching needs outputs that are added to the stream as they are; this model has a norm behind attention and MLP");
        if (receivers.Count == 0) throw new ArgumentException("path patching needs a receiver");
        this.senders =
            [.. senders.Select(site => Checked(site, "send", PatchKind.Z, PatchKind.AttnOut, PatchKind.MlpOut))];
        this.receivers =
            [.. receivers.Select(site => Checked(site, "receive", PatchKind.Query, PatchKind.Key, PatchKind.Value,
                PatchKind.MlpIn, PatchKind.ResidPost))];
        var names = this.senders.Select(sender => sender.Point.Name).Distinct().ToArray();
        var last = $"blocks.{model.Config.NLayers - 1}.hook_resid_post";
        this.source = source.Values(model, tokens, source.IsRun ? [.. names.Append(last)] : names, options.PaddingMask);
        if (source.IsRun) SourceMetric = engine.MetricOf(this.source[last]);
        // An MLP reads the stream behind attention; in a parallel block the one at the entrance.
        var middles = model.Config.ParallelAttnMlp
            ? []
            : this.receivers.Where(r => r.Kind == PatchKind.MlpIn)
                .Select(r => $"blocks.{r.Point.Layer}.hook_resid_mid");
        plain = model.CacheOnly(tokens, [.. names.Concat(middles).Distinct()],
            new ForwardOptions { PaddingMask = options.PaddingMask });
    }

    /// <summary>The metric of the source where it is one run.</summary>
    internal double? SourceMetric { get; }

    internal (double[] Values, SweepCost Cost) Run()
    {
        var values = new List<double>();
        SweepCost? total = null;
        var perSender =
            8L * engine.Batch * engine.Length * (receivers.Length + 2) * (model.Config.DModel +
                (model.Config.NHeads + 2L * model.Config.KeyValueHeads) * model.Config.DHead);
        foreach (var chunk in senders.Chunk((int)Math.Clamp(options.MemoryBudget / perSender, 1, 4096)))
        {
            using var scope = torch.NewDisposeScope();
            var changes = torch.cat(chunk.Select(Change).ToArray(), 0); // [sender · batch, pos, d_model]
            var sites = chunk.Select(_ => new List<Patch>()).ToArray();
            foreach (var receiver in receivers) AddPatches(receiver, chunk, changes, sites);
            var (found, cost) =
                engine.Run([.. sites.Select(patches => patches.ToArray())], options with { Progress = null });
            values.AddRange(found);
            total = total is null
                ? cost : new SweepCost(total.Sites + cost.Sites, total.PlainOperations + cost.PlainOperations,
                total.SweepOperations + cost.SweepOperations, total.Batches + cost.Batches,
                    Math.Max(total.MeanRows, cost.MeanRows));
            options.Progress?.Report(new SweepProgress(values.Count, senders.Length));
        }
        return ([.. values], total ?? new SweepCost(0, 0, 1, 0, 0));
    }

    private SiteCheck Checked(PatchSite site, string verb, params PatchKind[] kinds)
    {
        var found = SiteCheck.Of(site, model, engine.Length);
        var last = model.Config.NLayers - 1;
        if (found.Kind is not { } kind || !kinds.Contains(kind)
            || (kind == PatchKind.ResidPost && found.Point.Layer != last))
            throw new ArgumentException($"'{found.Point.Name}' cannot {verb} in path patching; senders are attn.hook_z, hook_attn_out and " +
                $"hook_mlp_out, receivers attn.hook_q, hook_k, hook_v, hook_mlp_in and blocks.{last}.hook_resid_post for the logits");
        return found;
    }

    /// <summary>What a sender writes in the source less what it writes in the unpatched run [batch, pos,
    /// d_model].</summary>
    private Tensor Change(SiteCheck sender)
    {
        using var scope = torch.NewDisposeScope();
        var name = sender.Point.Name;
        var change = source[name] - plain[name];
        if (sender.Kind == PatchKind.Z)
        {
            var weight = model.W_O(sender.Point.Layer); // [head, d_head, d_model]
            change = sender.Head < 0
                ? change.flatten(2).MatMul(weight.flatten(0, 1))
                : change.select(2, sender.Head).MatMul(weight.select(0, sender.Head));
        }
        if (sender.Positions.Length == engine.Length) return scope.MoveToOuter(change);
        var kept = torch.zeros_like(change);
        kept.narrow(1, sender.Positions[0], 1).copy_(change.narrow(1, sender.Positions[0], 1));
        return scope.MoveToOuter(kept);
    }

    private void AddPatches(SiteCheck receiver, SiteCheck[] chunk, Tensor changes, List<Patch>[] sites)
    {
        if (!chunk.Any(sender => IsBefore(sender, receiver))) return;
        var values = NewValues(receiver, changes);
        for (var k = 0; k < chunk.Length; k++)
            if (IsBefore(chunk[k], receiver))
                sites[k].Add(new Patch(receiver.Kind!.Value, receiver.Point.Layer, receiver.Head, receiver.Positions,
                    -1, values, k * engine.Batch));
    }

    private bool IsBefore(SiteCheck sender, SiteCheck receiver)
    {
        var (from, to) = (sender.Point.Layer, receiver.Point.Layer);
        if (receiver.Kind == PatchKind.ResidPost) return true;
        return from < to || (from == to && receiver.Kind == PatchKind.MlpIn && sender.Kind != PatchKind.MlpOut
            && !model.Config.ParallelAttnMlp);
    }

    /// <summary>The receiver's value for every sender [sender · batch, pos, …].</summary>
    private Tensor NewValues(SiteCheck receiver, Tensor changes)
    {
        using var scope = torch.NewDisposeScope();
        var layer = receiver.Point.Layer;
        Tensor Moved(Tensor stream) => stream.repeat(changes.size(0) / engine.Batch, 1, 1) + changes;
        if (receiver.Kind == PatchKind.ResidPost) return scope.MoveToOuter(Moved(engine.Stream(layer + 1)));
        if (receiver.Kind == PatchKind.MlpIn)
            return scope.MoveToOuter(Moved(model.Config.ParallelAttnMlp
                ? engine.Stream(layer) : plain[$"blocks.{layer}.hook_resid_mid"]));
        var block = model.BlockAt(layer);
        var padding =
            InputChecks.Padding(options.PaddingMask, engine.Batch, engine.Length,
                model.Device)?.repeat(changes.size(0) / engine.Batch, 1);
        using var positions = ModelPositions.Create(0, engine.Length, padding);
        var state = model.State(HookRun.Plain, positions, padding, engine.Length);
        var (q, k, v) = block.Attention.ProjectRows(block.Read(Moved(engine.Stream(layer)), state));
        return scope.MoveToOuter((receiver.Kind switch
        {
            PatchKind.Query => q,
            PatchKind.Key => k,
            _ => v,
        }).contiguous());
    }
}
