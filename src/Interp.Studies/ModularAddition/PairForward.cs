using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>A one-layer network run on pairs of numbers, only where the answer is read: at "=".</summary>
/// <remarks>
/// Problem: of three positions one is read, and every query, key and value depends on one token at one position; running
/// all pairs through the whole network computes the same rows again and again. Idea: compute each of the 2 · order + 1
/// rows once (the first numbers, the second numbers, "="), and mix rows for each pair. The logits are those of
/// <see cref="HookedTransformer"/> up to rounding. Weights are read anew at every run, so gradients reach them.
/// </remarks>
internal sealed class PairForward : IDisposable
{
    private readonly HookedTransformer model;
    private readonly PairBatch batch;
    private readonly MixedLogits? fused;
    private readonly Tensor rowTokens;

    /// <param name="model">One layer without norms, with ReLU and learned positions.</param>
    /// <param name="task">The task.</param>
    /// <param name="batch">The pairs to run, which stay the caller's.</param>
    /// <param name="fuse">
    /// Whether the processor's fused mixing is used; null for where it can be. Without it, plain tensor operations.
    /// </param>
    /// <exception cref="ArgumentException">The network is another.</exception>
    internal PairForward(HookedTransformer model, ModularTask task, PairBatch batch, bool? fuse = null)
    {
        Check(model.Config, task);
        (this.model, this.batch) = (model, batch);
        rowTokens = torch.tensor([.. task.First.Select(t => (long)t), .. task.Second.Select(t => (long)t), task.EqualsToken],
            [2 * task.Order + 1], device: model.Device).DetachFromDisposeScope();
        var c = model.Config;
        if (fuse ?? (model.Device.type == DeviceType.CPU && c.Dtype == ScalarType.Float32))
            fused = new MixedLogits(batch, task.Order, c.NHeads, c.DMlp, c.OutputSize);
    }

    private BlockWeights Block => model.Weights.Blocks[0];

    /// <summary>The logits at "=" [pair, output].</summary>
    internal Tensor Logits()
    {
        using var scope = torch.NewDisposeScope();
        var (rows, last) = Rows();
        var (scores, values) = Attention(rows, last); // [row, head], [row, head · d_head]
        return scope.MoveToOuter(fused is null ? Plain(last, scores, values) : Fused(last, scores, values));
    }

    /// <summary>The mean loss at "=", −log softmax of the right answer, in float64: float32 loses it below 10⁻⁷.</summary>
    internal Tensor Loss() => Loss(Logits(), batch.Labels);

    /// <summary>The mean loss of logits [pair, output] for labels [pair].</summary>
    internal static Tensor Loss(Tensor logits, Tensor labels)
    {
        using var scope = torch.NewDisposeScope();
        var right = logits.to(ScalarType.Float64).log_softmax(-1).gather(1, labels.unsqueeze(1));
        return scope.MoveToOuter(-right.mean());
    }

    public void Dispose()
    {
        rowTokens.Dispose();
        fused?.Dispose();
    }

    private static void Check(HookedTransformerConfig c, ModularTask task)
    {
        void Require(bool holds, string what)
        {
            if (!holds) throw new ArgumentException($"the network must have {what} to be run on pairs modulo {task.Modulus}");
        }

        Require(c.NLayers == 1 && !c.AttnOnly && c.NumExperts is null && !c.GatedMlp, "one layer with a plain MLP");
        Require(c.ActFn == "relu", $"ReLU, not '{c.ActFn}'");
        Require(c.NormalizationType == NormalizationType.None, "no norms");
        Require(c.PositionalEmbeddingType == PositionalEmbeddingType.Standard && c.NCtx >= 3, "learned positions, at least 3");
        Require(c.DVocab > task.Modulus && c.OutputSize >= task.Modulus,
            $"at least {task.Modulus + 1} tokens and {task.Modulus} outputs (it has {c.DVocab} and {c.OutputSize})");
        Require(c.KeyValueHeads == c.NHeads && c.IsCausal && c.WindowSize is null && !c.ParallelAttnMlp && c.AttnScoresSoftCap is null
            && c.OutputLogitsSoftCap is null, "plain causal attention");
    }

    /// <summary>The residual stream before attention: [row, d_model], and its last row, "=".</summary>
    private (Tensor Rows, Tensor Last) Rows()
    {
        var order = (rowTokens.size(0) - 1) / 2;
        var tokens = model.Weights.Embed.index_select(0, rowTokens);
        var positions = model.Weights.PosEmbed!;
        var rows = torch.cat(
        [
            tokens.narrow(0, 0, order) + positions[0], tokens.narrow(0, order, order) + positions[1],
            tokens.narrow(0, 2 * order, 1) + positions[2],
        ]);
        return (rows, rows.narrow(0, 2 * order, 1));
    }

    private (Tensor Scores, Tensor Values) Attention(Tensor rows, Tensor last)
    {
        var (c, qkv) = (model.Config, Block.Qkv);
        var width = (long)c.NHeads * c.DHead;
        LinearWeights Part(int from, int count) => new(qkv.Weight.narrow(1, from * width, count * width), qkv.Bias?.narrow(0, from * width, count * width));

        var query = Part(0, 1).Apply(last).view(c.NHeads, c.DHead);
        var keysAndValues = Part(1, 2).Apply(rows);
        var keys = keysAndValues.narrow(1, 0, width).view(-1, c.NHeads, c.DHead);
        // The library's own name for 1/√d_head, or what the configuration puts in its place.
        return ((keys * query).sum(-1) * c.ScoreFactor(0), keysAndValues.narrow(1, width, width));
    }

    private Tensor Fused(Tensor last, Tensor scores, Tensor values)
    {
        var (c, mlp) = (model.Config, Block.Mlp!);
        var (neurons, outputs) = (MixedLogits.Padded(c.DMlp), MixedLogits.Padded(c.OutputSize));
        // What the stream is multiplied with: the neurons' inputs and, past the MLP, the unembedding.
        var matrices = torch.cat([torch.nn.functional.pad(mlp.In.Weight, [0, neurons - c.DMlp], 0), torch.nn.functional.pad(model.Weights.Unembed.Weight, [0, outputs - c.OutputSize], 0)], 1);
        var written = Block.Out.Weight.mm(matrices).view(c.NHeads, c.DHead, neurons + outputs);
        var table = values.view(-1, c.NHeads, c.DHead).transpose(0, 1).bmm(written); // [head, row, column]
        var same = Block.Out.Bias is { } b ? last + b : last;
        var bias = same.mm(matrices).squeeze(0) + torch.cat([Padded(mlp.In.Bias, c.DMlp, neurons), Padded(LogitBias(), c.OutputSize, outputs)]);
        return fused!.Apply(scores, table, bias, mlp.Out.Weight.mm(model.Weights.Unembed.Weight));
    }

    /// <summary>What the biases behind the neurons add to every logit, or null.</summary>
    private Tensor? LogitBias()
    {
        var (inner, outer) = (Block.Mlp!.Out.Bias, model.Weights.Unembed.Bias);
        var through = inner?.unsqueeze(0).mm(model.Weights.Unembed.Weight).squeeze(0);
        return through is null ? outer : outer is null ? through : through + outer;
    }

    private Tensor Padded(Tensor? bias, long width, long padded) =>
        bias is null ? torch.zeros([padded], model.Config.Dtype, model.Device) : torch.nn.functional.pad(bias, [0, padded - width], 0);

    private Tensor Plain(Tensor last, Tensor scores, Tensor values)
    {
        var c = model.Config;
        var index = batch.RowIndex;
        // [3, pair, head, 1] · [3, pair, head, d_head], summed over the three rows
        var pattern = scores.index_select(0, index.flatten()).view(3, -1, c.NHeads).softmax(0).unsqueeze(-1);
        var moved = values.index_select(0, index.flatten()).view(3, -1, c.NHeads, c.DHead);
        var z = (pattern * moved).sum([0]).flatten(1);
        var stream = last + Block.Out.Apply(z);
        var neurons = Block.Mlp!.In.Apply(stream).relu();
        return model.Weights.Unembed.Apply(stream + Block.Mlp.Out.Apply(neurons));
    }
}
