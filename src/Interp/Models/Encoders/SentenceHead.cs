using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>What the first token says of the whole: pooled = tanh(W x₀ + b), and perhaps next-sentence logits from it.</summary>
internal sealed class SentenceHead
{
    private readonly LinearWeights pooler;
    private readonly LinearWeights? nextSentence;
    private readonly HookPoint pooledPoint;
    private readonly HookPoint? nextSentencePoint;

    internal SentenceHead(HookRegistry registry, LinearWeights pooler, LinearWeights? nextSentence, int layer)
    {
        this.pooler = pooler;
        this.nextSentence = nextSentence;
        pooledPoint = registry.Add("pooler.hook_pooler_out", ["batch", "d_model"], layer);
        if (nextSentence is not null) nextSentencePoint = registry.Add("nsp_head.hook_nsp_out", ["batch", "2"], layer);
    }

    /// <summary>x [batch, pos, d_model] → pooled [batch, d_model] and logits [batch, 2] or null.</summary>
    internal (Tensor Pooled, Tensor? NextSentence) Forward(Tensor x, HookRun run)
    {
        using var scope = torch.NewDisposeScope();
        var pooled = run.Fire(pooledPoint, pooler.Apply(x.select(1, 0)).tanh());
        var logits = nextSentence is null ? null : run.Fire(nextSentencePoint!, nextSentence.Apply(pooled));
        return (scope.MoveToOuter(pooled), logits is null ? null : scope.MoveToOuter(logits));
    }
}
