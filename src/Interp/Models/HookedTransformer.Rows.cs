using Interp.Hooks;
using Interp.Models.Components;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

// The parts of the forward pass, for sweeps that recompute only the rows that have changed.
public sealed partial class HookedTransformer
{
    /// <summary>Whether <see cref="AddHook(Hook)"/> has hooks attached now.</summary>
    internal bool HasAttachedHooks => attached.Count > 0;

    internal TransformerBlock BlockAt(int layer) => blocks[layer];

    /// <summary>What the layers of a run share, for whole sequences or for rows of them.</summary>
    internal RunState State(HookRun run, Positions positions, Tensor? padding, long count)
    {
        var state = new RunState(this, run, positions, null, padding, null, count, count);
        if (Config.PositionalEmbeddingType == PositionalEmbeddingType.Shortformer)
            state.PositionRows = positions.Rows(Weights.PosEmbed!);
        return state;
    }

    /// <summary>The logits [rows, tokens] of rows [rows, d_model] of the last residual stream.</summary>
    /// <param name="rows">The residual stream.</param>
    /// <param name="unembed">The columns that are needed [d_model, tokens] and their biases.</param>
    internal Tensor LogitsOfRows(Tensor rows, LinearWeights unembed)
    {
        using var scope = torch.NewDisposeScope();
        var read = lnFinal?.Forward(rows, HookRun.Plain) ?? rows;
        var logits = unembed.Apply(read);
        if (Config.OutputLogitsSoftCap is { } cap) logits = (logits / cap).tanh() * cap;
        return scope.MoveToOuter(logits);
    }
}
