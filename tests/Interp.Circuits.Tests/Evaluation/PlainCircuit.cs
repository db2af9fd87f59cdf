using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Evaluation;

/// <summary>A circuit's run as one would write it with hooks on the inputs split by head: the oracle.</summary>
internal static class PlainCircuit
{
    /// <summary>A model with keys and values of its own for every head, the groups' repeated.</summary>
    public static HookedTransformer Ungrouped(HookedTransformer model)
    {
        var c = model.Config;
        if (c.KeyValueHeads == c.NHeads) return model;
        var group = c.NHeads / c.KeyValueHeads;
        LinearWeights Repeat(LinearWeights qkv)
        {
            Tensor Along(Tensor whole, int dim)
            {
                var parts = whole.SplitDimension(dim, c.NHeads + 2 * c.KeyValueHeads, c.DHead);
                return torch.cat([parts.narrow(dim, 0, c.NHeads),
                    parts.narrow(dim, c.NHeads, 2 * c.KeyValueHeads).repeat_interleave(group, dim)], dim).flatten(dim);
            }
            return new LinearWeights(Along(qkv.Weight, 1), qkv.Bias is null ? null : Along(qkv.Bias, 0));
        }
        var w = model.Weights;
        return new HookedTransformer(c with { NKeyValueHeads = null },
            new ModelWeights(w.Embed, w.PosEmbed, [.. w.Blocks.Select(b => b with { Qkv = Repeat(b.Qkv) })], w.LnFinal,
                w.Unembed));
    }

    /// <summary>What every source adds to the stream [batch, pos, d_model].</summary>
    public static Tensor[] Outputs(HookedTransformer model, ActivationCache cache)
    {
        var outputs = new List<Tensor> { cache["hook_embed"] };
        for (var layer = 0; layer < model.Config.NLayers; layer++)
        {
            outputs.AddRange(HeadOutputs(model, layer, cache["z", layer]));
            if (!model.Config.AttnOnly) outputs.Add(cache["mlp_out", layer]);
        }
        return [.. outputs];
    }

    /// <summary>The metric of a circuit, with corrupted outputs on all edges outside.</summary>
    public static double Run(HookedTransformer model, Tensor tokens, Tensor[] source, CircuitGraph circuit,
        LogitMetric metric)
    {
        using var scope = torch.NewDisposeScope();
        var outputs = new List<Tensor>();
        var hooks = new List<Hook> { Watch("hook_embed", value => [value]) };
        var shape = circuit.Shape;
        Tensor Input(Tensor stream, CircuitReceiver receiver)
        {
            var input = stream.clone();
            for (var from = 0; from < shape.SourcesBefore(shape.IndexOf(receiver)); from++)
                if (!circuit[$"{shape.Source(from)}->{receiver}"].InCircuit) input = input +
                    source[from] - outputs[from];
            return input;
        }
        Hook Watch(string name, Func<Tensor, IEnumerable<Tensor>> take)
        {
            Tensor? Keep(Tensor value, HookPoint point)
            {
                outputs.AddRange(take(value.clone()).Select(output => output.MoveToDisposeScope(scope)));
                return null;
            }
            return new Hook(name, Keep);
        }
        for (var l = 0; l < shape.NLayers; l++)
        {
            var layer = l;
            foreach (var (letter, input) in new[] { ("q", HeadInput.Query), ("k", HeadInput.Key),
                ("v", HeadInput.Value) })
                hooks.Add(($"blocks.{l}.hook_{letter}_input", (value, _) =>
                    torch.stack([.. Enumerable.Range(0, shape.NHeads)
                    .Select(h => Input(value.select(2, h),
                        new CircuitReceiver(CircuitNode.AttentionHead(layer, h), input)))], 2)));
            // In a parallel block the heads have written before the MLP reads, but it does not see them.
            hooks.Add(Watch($"blocks.{l}.attn.hook_z", z => HeadOutputs(model, layer, z)));
            if (shape.AttnOnly) continue;
            hooks.Add(($"blocks.{l}.hook_mlp_in", (value, _) =>
                Input(value, new CircuitReceiver(CircuitNode.Mlp(layer), HeadInput.None))));
            hooks.Add(Watch($"blocks.{l}.hook_mlp_out", value => [value]));
        }
        hooks.Add(($"blocks.{shape.NLayers - 1}.hook_resid_post",
            (value, _) => Input(value, new CircuitReceiver(CircuitNode.Logits, HeadInput.None))));
        return metric.Of(model.RunWithHooks(tokens, [.. hooks])).ToDouble();
    }

    private static IEnumerable<Tensor> HeadOutputs(HookedTransformer model, int layer, Tensor z) =>
        Enumerable.Range(0, model.Config.NHeads).Select(h => z.select(2, h).MatMul(model.W_O(layer).select(0, h)));
}
