using Interp.Circuits.Cache;
using Interp.Circuits.Heads;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Ioi;

/// <summary>Measures heads on the prompts of one template.</summary>
internal sealed class IoiMeter(HookedTransformer model, IoiBatch batch)
{
    private readonly LogitMetric metric = LogitMetric.Difference(batch.Receivers, batch.Givers);

    private int Heads => model.Config.NLayers * model.Config.NHeads;

    /// <summary>The behaviour of the model, or of what is left of it.</summary>
    internal IoiBehaviour Behave(Tensor tokens, params Hook[] hooks)
    {
        using var scope = torch.NewDisposeScope();
        var logits = model.RunWithHooks(tokens, hooks, new ForwardOptions { Logits = LogitPositions.Last }).select(1,
            0).to(ScalarType.Float64);
        Tensor Of(int[] ids) => torch.tensor(ids.Select(id => (long)id).ToArray(), [ids.Length, 1],
            device: logits.device);
        var apart = logits.gather(1, Of(batch.Receivers)) - logits.gather(1, Of(batch.Givers));
        var probability = logits.softmax(-1).gather(1, Of(batch.Receivers));
        return new IoiBehaviour(apart.mean().ToDouble(), apart.gt(0).to(ScalarType.Float64).mean().ToDouble(),
            probability.mean().ToDouble());
    }

    /// <summary>Everything but the paths that need other heads' roles.</summary>
    internal IoiHead[] Measure()
    {
        using var scope = torch.NewDisposeScope();
        string[] scale = model.Config.NormalizationType == NormalizationType.None ? [] : ["ln_final.hook_scale"];
        var cache = model.CacheOnly(batch.Tokens,
            [.. scale, "blocks.*.attn.hook_z", "blocks.*.attn.hook_pattern", "blocks.0.hook_resid_post"]);
        var direct = cache.HeadLogitAttrs(batch.Receivers, batch.Givers,
            pos: ^1).Values.mean([1]).to(ScalarType.Float64).ToArray<double>();
        var paths = Paths([PathPatching.Logits(model)]);
        var (raised, lowered) = Copying(cache["blocks.0.hook_resid_post"]);
        var whole = Whole();
        var looks = Enumerable.Range(0, model.Config.NLayers)
            .SelectMany(layer => Attention(cache["pattern", layer], layer)).ToArray();
        return [.. looks.Select((head, at) => head with
        {
            Direct = direct[at],
            PathToLogits = paths[at],
            Whole = whole[at],
            Copying = raised[at],
            NegativeCopying = lowered[at],
        })];
    }

    /// <summary>
    /// The change of the logit difference, as a share of it, when the paths from each head to receivers carry the run
    /// on other names.
    /// </summary>
    internal double[] Paths(IReadOnlyList<PatchSite> receivers)
    {
        using var scope = torch.NewDisposeScope();
        var found = PathPatching.Run(model, batch.Tokens, PatchSource.Run(batch.Corrupted(IoiCorruption.OtherNames)),
            PathPatching.Heads(model), receivers, metric);
        return [.. found.Values.Select(value => (value - found.Baseline) / Math.Abs(found.Baseline))];
    }

    /// <summary>A head's output, at all positions, of the run on clean prompts put into that on flipped ones.</summary>
    private double[] Whole()
    {
        using var scope = torch.NewDisposeScope();
        using var patching = new ActivationPatching(model, batch.Corrupted(IoiCorruption.OtherGives),
            PatchSource.Run(batch.Tokens), metric);
        return [.. patching.HeadOutputAllPositions().Normalized()];
    }

    private (double[] Raised, double[] Lowered) Copying(Tensor stream)
    {
        Tensor At(int[] positions) => torch.stack(
            [.. positions.Select((position, row) => stream.select(0, row).select(0, position))]);
        return IoiCopying.Of(model, torch.cat([At(batch.ReceiverAt), At(batch.GiverAt)]),
            [.. batch.Receivers, .. batch.Givers]);
    }

    private IEnumerable<IoiHead> Attention(Tensor pattern, int layer)
    {
        var values = pattern.to(ScalarType.Float32).contiguous().ToArray<float>(); // [prompt, head, query, key]
        var (heads, length) = (model.Config.NHeads, batch.End + 1);
        for (var head = 0; head < heads; head++)
        {
            double Mean(Func<int, int> query, Func<int, int> key) => Enumerable.Range(0, batch.Prompts.Count)
                .Average(row => values[((row * heads + head) * length + query(row)) * length + key(row)]);
            yield return new IoiHead(new HeadName(layer, head))
            {
                EndToReceiver = Mean(_ => batch.End, row => batch.ReceiverAt[row]),
                EndToGiver = Mean(_ => batch.End, row => batch.GiverAt[row]),
                EndToSecond = Mean(_ => batch.End, _ => batch.SecondGiverAt),
                SecondToGiver = Mean(_ => batch.SecondGiverAt, row => batch.GiverAt[row]),
                SecondToNext = Mean(_ => batch.SecondGiverAt, row => batch.GiverAt[row] + 1),
                NextToGiver = Mean(row => batch.GiverAt[row] + 1, row => batch.GiverAt[row]),
            };
        }
    }
}
