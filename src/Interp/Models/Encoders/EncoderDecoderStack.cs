using Interp.Hooks;
using Interp.Models.Components;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>An encoder, which sees both ways, or a decoder, which sees only what came before and the encoder.</summary>
internal sealed class EncoderDecoderStack
{
    private readonly Tensor relativeBias;
    private readonly int maxDistance;
    private readonly bool isDecoder;
    private readonly HookPoint biasPoint;
    private readonly EncoderDecoderBlock[] blocks;
    private readonly NormLayer finalNorm;

    /// <param name="registry">Where the points go.</param>
    /// <param name="name"><c>encoder</c> or <c>decoder</c>.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="config">The sizes.</param>
    /// <param name="isDecoder">Whether it is a decoder.</param>
    internal EncoderDecoderStack(HookRegistry registry, string name, EncoderDecoderStackWeights weights, HookedEncoderDecoderConfig config, bool isDecoder)
    {
        this.isDecoder = isDecoder;
        relativeBias = weights.RelativeBias;
        maxDistance = config.RelativeAttentionMaxDistance;
        biasPoint = registry.Add($"{name}.0.attn.rel_pos_hook", ["1", "head", "pos", "pos"], 0);
        blocks = [.. weights.Blocks.Select((block, layer) => new EncoderDecoderBlock(registry, $"{name}.{layer}", layer, block, config))];
        finalNorm = new NormLayer(registry, name + "_final_ln", blocks.Length, weights.FinalNorm, NormalizationType.RMS, config.Eps,
            "batch", "pos", "d_model");
    }

    /// <summary>x [batch, pos, d_model] → the same shape, behind the last norm.</summary>
    /// <param name="x">The embedded tokens.</param>
    /// <param name="padding">Bool [batch, pos], true for real tokens; null where all are.</param>
    /// <param name="encoder">What a decoder reads, and its padding; nulls in an encoder.</param>
    /// <param name="run">The run.</param>
    internal Tensor Forward(Tensor x, Tensor? padding, (Tensor? Stream, Tensor? Padding) encoder, HookRun run)
    {
        using var scope = torch.NewDisposeScope();
        var count = x.size(1);
        // One bias for all layers: its point is where the classic model keeps the table, in the first.
        var bias = run.Fire(biasPoint, RelativePositions.Bias(relativeBias, count, count, !isDecoder, maxDistance));
        var allowed = Keys(padding);
        if (isDecoder)
        {
            var triangle = torch.ones([count, count], ScalarType.Bool, x.device).tril();
            allowed = allowed is null ? triangle : allowed & triangle;
        }
        foreach (var block in blocks)
        {
            var next = block.Forward(x, (allowed, bias), (encoder.Stream, Keys(encoder.Padding)), run);
            if (!torch.is_grad_enabled() && scope.Contains(x)) x.Dispose();
            x = next;
        }
        return scope.MoveToOuter(finalNorm.Forward(x, run));
    }

    /// <summary>[batch, key] → [batch, 1, 1, key].</summary>
    private static Tensor? Keys(Tensor? padding) => padding?.unsqueeze(1).unsqueeze(1);
}
