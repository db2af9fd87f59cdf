using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

/// <summary>
/// out = act(x W_in + b_in) W_out + b_out; gated: out = (act(x W_gate + b_gate) · x W_in + b_in) W_out + b_out, or
/// (act(x W_gate + b_gate) · (x W_in + b_in)) W_out + b_out.
/// </summary>
internal sealed class MlpLayer
{
    private readonly MlpWeights weights;
    private readonly bool biasInside;
    private readonly Func<Tensor, Tensor> activation;
    private readonly HookPoint pre;
    private readonly HookPoint? preLinear;
    private readonly HookPoint? mid;
    private readonly NormLayer? ln;
    private readonly HookPoint post;

    internal MlpLayer(HookRegistry registry, int layer, MlpWeights weights, HookedTransformerConfig config)
        : this(registry, $"blocks.{layer}.mlp", layer, weights, config.ActFn!, config.Eps, config.GatedBiasInside)
    {
    }

    /// <param name="registry">Where the points go.</param>
    /// <param name="name">The MLP's name, for example <c>blocks.0.mlp</c>.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">With a gate or without.</param>
    /// <param name="actFn">The activation function.</param>
    /// <param name="eps">Added under the root of the norm behind <c>solu_ln</c>.</param>
    /// <param name="biasInside">Whether a gated MLP's linear branch has its bias before the product.</param>
    internal MlpLayer(HookRegistry registry, string name, int layer, MlpWeights weights, string actFn, double eps,
        bool biasInside = false)
    {
        this.biasInside = biasInside;
        this.weights = weights;
        activation = Activations.Get(actFn);
        string[] dimensions = ["batch", "pos", "d_mlp"];
        pre = registry.Add(name + ".hook_pre", dimensions, layer);
        if (weights.Gate is not null) preLinear = registry.Add(name + ".hook_pre_linear", dimensions, layer);
        if (actFn == "solu_ln")
        {
            mid = registry.Add(name + ".hook_mid", dimensions, layer);
            ln = new NormLayer(registry, name + ".ln", layer, weights.Ln ?? new NormWeights(null, null), NormalizationType.LN, eps, dimensions);
        }
        post = registry.Add(name + ".hook_post", dimensions, layer);
    }

    /// <summary>x [batch, pos, d_model] → the same shape.</summary>
    internal Tensor Forward(Tensor x, HookRun run)
    {
        using var scope = torch.NewDisposeScope();
        var hidden = weights.Gate is null ? Plain(x, run) : Gated(x, weights.Gate, run);
        return scope.MoveToOuter(weights.Out.Apply(run.Fire(post, hidden)));
    }

    private Tensor Plain(Tensor x, HookRun run)
    {
        var active = activation(run.Fire(pre, weights.In.Apply(x)));
        return ln is null ? active : ln.Forward(run.Fire(mid!, active), run);
    }

    /// <summary>The bias of the linear branch is added after the product, as in the classic model, or before it.</summary>
    private Tensor Gated(Tensor x, LinearWeights gate, HookRun run)
    {
        var gated = activation(run.Fire(pre, gate.Apply(x)));
        var linear = run.Fire(preLinear!, (biasInside ? weights.In : weights.In with { Bias = null }).Apply(x));
        return weights.In.Bias is null || biasInside ? gated * linear : gated * linear + weights.In.Bias;
    }
}
