using Interp.Hooks;
using Interp.Models.Components;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>Which token stands at every position: unembed(norm(act(W x + b))).</summary>
internal sealed class MaskedLmHead
{
    private readonly MaskedLmWeights weights;
    private readonly Func<Tensor, Tensor> activation;
    private readonly NormLayer ln;
    private readonly HookPoint unembedIn;
    private readonly HookPoint unembedOut;

    internal MaskedLmHead(HookRegistry registry, MaskedLmWeights weights, HookedEncoderConfig config)
    {
        this.weights = weights;
        activation = Activations.Get(config.HeadActFn);
        string[] stream = ["batch", "pos", "d_model"];
        ln = new NormLayer(registry, "mlm_head.ln", config.NLayers, weights.Ln, NormalizationType.LN, config.Eps, stream);
        unembedIn = registry.Add("unembed.hook_in", stream, config.NLayers);
        unembedOut = registry.Add("unembed.hook_out", ["batch", "pos", "d_vocab"], config.NLayers);
    }

    /// <summary>x [batch, pos, d_model] → logits [batch, pos, d_vocab].</summary>
    internal Tensor Forward(Tensor x, HookRun run)
    {
        using var scope = torch.NewDisposeScope();
        x = ln.Forward(activation(weights.Transform.Apply(x)), run);
        return scope.MoveToOuter(run.Fire(unembedOut, weights.Unembed.Apply(run.Fire(unembedIn, x))));
    }
}
