using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

// A block in its steps and without hooks, for sweeps that recompute only the rows that have changed.
internal sealed partial class TransformerBlock
{
    /// <summary>What attention reads of a residual stream [batch, pos, d_model].</summary>
    internal AttentionInputs Read(Tensor resid, RunState state) => ReadStream(resid, state);

    /// <summary>Attention's norm over inputs of any number of heads [..., d_model].</summary>
    internal Tensor NormAttentionInputs(Tensor inputs) => ln1?.ForwardUnhooked(inputs) ?? inputs;

    /// <summary>z [batch, pos, head, d_head] → what attention adds to the stream, as <c>hook_attn_out</c> sees it.</summary>
    internal Tensor WriteAttention(Tensor z)
    {
        var written = Attention.Write(z);
        return ln1Post?.Forward(written, HookRun.Plain) ?? written;
    }

    /// <summary>A stream [batch, pos, d_model] → what the MLP adds to it, as <c>hook_mlp_out</c> sees it.</summary>
    internal Tensor WriteMlp(Tensor stream)
    {
        var read = ln2?.Forward(stream, HookRun.Plain) ?? stream;
        var written = mlp?.Forward(read, HookRun.Plain) ?? moe!.Forward(read, HookRun.Plain);
        return ln2Post?.Forward(written, HookRun.Plain) ?? written;
    }
}
