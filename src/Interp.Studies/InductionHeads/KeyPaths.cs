using Interp.Circuits.Heads;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using ModelPositions = Interp.Models.Components.Positions;

namespace Interp.Studies.InductionHeads;

/// <summary>K-composition as it acts in a run: what earlier heads add to the attention scores of later ones.</summary>
/// <remarks>
/// Composition scores of weights say how well two heads fit, not whether it comes to anything: a head whose matrices fit
/// but are small attends to nothing by them. Here an earlier head's output is taken off what a later layer's keys read,
/// and nothing else is changed; the difference of the attention scores, in nats, is what the path adds. The contrast
/// is its mean at the places where an induction head should look (behind earlier copies of the token) less its mean
/// over all places: 2 nats are 7 times the attention.
/// </remarks>
internal static class KeyPaths
{
    /// <summary>The contrasts of senders with all heads of later layers.</summary>
    internal static Dictionary<(HeadName Earlier, HeadName Later), double> Contrasts(HookedTransformer model,
        RepeatedSequences sequences, IReadOnlyList<HeadName> senders, CancellationToken cancellation)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var found = new Dictionary<(HeadName, HeadName), double>();
        if (senders.Count == 0) return found;
        var first = senders.Min(head => head.Layer);
        var names = Enumerable.Range(first, model.Config.NLayers - first)
            .SelectMany(layer => (string[])[$"blocks.{layer}.hook_resid_pre", $"blocks.{layer}.attn.hook_z"]).ToArray();
        var cache = model.CacheOnly(sequences.Tokens, names);
        using var positions = ModelPositions.Create(0, sequences.Tokens.size(1), null);
        var (targets, places) = Masks(sequences, model.Device);
        for (var layer = first + 1; layer < model.Config.NLayers; layer++)
        {
            var later = new Layer(model, layer, cache["resid_pre", layer], positions, sequences.Tokens.size(1));
            foreach (var sender in senders.Where(head => head.Layer < layer))
            {
                cancellation.ThrowIfCancellationRequested();
                using var inner = torch.NewDisposeScope();
                var written = cache["z", sender.Layer].select(2, sender.Head)
                    .MatMul(model.W_O(sender.Layer).select(0, sender.Head)); // [sequence, pos, d_model]
                var added = later.Added(written); // [sequence, head, query, key]
                var mean = (added * targets).sum([0, 2, 3]) / (targets.sum() * added.size(0))
                    - (added * places).sum([0, 2, 3]) / (places.sum() * added.size(0));
                var values = mean.to(ScalarType.Float64).ToArray<double>();
                for (var head = 0; head < values.Length; head++)
                    found[(sender, new HeadName(layer, head))] = values[head];
            }
        }
        return found;
    }

    /// <summary>
    /// Weights over [query, key]: for every query of a later copy, an equal share for each right key, and for each key
    /// that it can see.
    /// </summary>
    private static (Tensor Targets, Tensor Places) Masks(RepeatedSequences sequences, Device device)
    {
        var length = (int)sequences.Tokens.size(1);
        var (targets, places) = (new float[length * length], new float[length * length]);
        for (var query = sequences.Start + sequences.Period; query < length; query++)
        {
            var copies = (query - sequences.Start) / sequences.Period;
            for (var back = 1; back <= copies; back++)
                targets[query * length + query - back * sequences.Period + 1] = 1f / copies;
            for (var key = 0; key <= query; key++) places[query * length + key] = 1f / (query + 1);
        }
        return (torch.tensor(targets, [length, length], device: device), torch.tensor(places, [length, length], device: device));
    }

    /// <summary>A layer's queries and keys in a run, to be compared with keys that lack something.</summary>
    private sealed class Layer
    {
        private readonly HookedTransformer model;
        private readonly Interp.Models.Components.TransformerBlock block;
        private readonly Interp.Models.Components.RunState state;
        private readonly ModelPositions positions;
        private readonly Tensor stream;
        private readonly Tensor asked;
        private readonly Tensor plain;
        private readonly double factor;

        internal Layer(HookedTransformer model, int layer, Tensor stream, ModelPositions positions, long length)
        {
            (this.model, this.stream, this.positions) = (model, stream, positions);
            block = model.BlockAt(layer);
            state = model.State(HookRun.Plain, positions, null, length);
            factor = model.Config.ScoreFactor(layer);
            (asked, plain) = QueriesAndKeys(stream);
        }

        /// <summary>What the keys of this part of the stream add to the scores [sequence, head, query, key].</summary>
        internal Tensor Added(Tensor written)
        {
            var (_, without) = QueriesAndKeys(stream - written);
            var keys = (plain - without).transpose(1, 2); // [sequence, kv_head, pos, d_head]
            var group = model.Config.NHeads / model.Config.KeyValueHeads;
            if (group > 1) keys = keys.repeat_interleave(group, 1);
            return asked.transpose(1, 2).MatMul(keys.transpose(2, 3)) * factor;
        }

        private (Tensor Q, Tensor K) QueriesAndKeys(Tensor read)
        {
            var (q, k, _) = block.Attention.ProjectRows(block.Read(read, state));
            return block.Attention.Turn(q, k, positions);
        }
    }
}
