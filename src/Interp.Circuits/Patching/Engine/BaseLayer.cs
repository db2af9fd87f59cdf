using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using ModelPositions = Interp.Models.Components.Positions;

namespace Interp.Circuits.Patching.Engine;

/// <summary>What a layer computes in the run that is patched: the rows that a site has not changed are read
/// here.</summary>
/// <param name="Stream">The stream at the entrance [batch, pos, d_model].</param>
/// <param name="Query">As <c>hook_q</c> sees it [batch, pos, head, d_head].</param>
/// <param name="Key">As <c>hook_k</c> sees it [batch, pos, kv_head, d_head].</param>
/// <param name="Value">As <c>hook_v</c> sees it [batch, pos, kv_head, d_head].</param>
/// <param name="Z">[batch, pos, head, d_head]</param>
/// <param name="Exit">The stream at the exit [batch, pos, d_model].</param>
internal sealed record BaseLayer(Tensor Stream, Tensor Query, Tensor Key, Tensor Value, Tensor Z, Tensor Exit)
{
    /// <summary>Runs one layer; the tensors belong to the open scope.</summary>
    internal static BaseLayer Run(HookedTransformer model, int layer, Tensor stream, ModelPositions positions,
        Tensor? padding)
    {
        var block = model.BlockAt(layer);
        var state = model.State(HookRun.Plain, positions, padding, stream.size(1));
        var (q, k, v) = block.Attention.ProjectRows(block.Read(stream, state));
        var (turnedQ, turnedK) = block.Attention.Turn(q, k, positions);
        var z = block.Attention.MixRows(turnedQ, turnedK, v, state);
        var middle = stream + block.WriteAttention(z);
        var exit = model.Config.AttnOnly
            ? middle : middle + block.WriteMlp(model.Config.ParallelAttnMlp ? stream : middle);
        return new BaseLayer(stream, q, k, v, z.contiguous(), exit);
    }
}
