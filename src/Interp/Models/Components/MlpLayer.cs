using Interp.Hooks;
using Interp.Torch;

namespace Interp.Models.Components;

/// <summary>
/// out = act(x W_in + b_in) W_out + b_out; gated: out = (act(x W_gate) · x W_in + b_in) W_out + b_out.
/// </summary>
internal sealed class MlpLayer
{
    private readonly MlpWeights weights;
    private readonly Func<Tensor, Tensor> activation;
    private readonly HookPoint pre;
    private readonly HookPoint? preLinear;
    private readonly HookPoint? mid;
    private readonly NormLayer? ln;
    private readonly HookPoint post;

    internal MlpLayer(HookRegistry registry, int layer, MlpWeights weights, HookedTransformerConfig config)
    {
        this.weights = weights;
        activation = Activations.Get(config.ActFn!);
        string[] dimensions = ["batch", "pos", "d_mlp"];
        pre = registry.Add($"blocks.{layer}.mlp.hook_pre", dimensions, layer);
        if (config.GatedMlp) preLinear = registry.Add($"blocks.{layer}.mlp.hook_pre_linear", dimensions, layer);
        if (config.ActFn == "solu_ln")
        {
            mid = registry.Add($"blocks.{layer}.mlp.hook_mid", dimensions, layer);
            ln = new NormLayer(registry, $"blocks.{layer}.mlp.ln", layer, weights.Ln ?? new NormWeights(null, null), NormalizationType.LN,
                config.Eps, dimensions);
        }
        post = registry.Add($"blocks.{layer}.mlp.hook_post", dimensions, layer);
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

    /// <summary>The bias of the linear branch is added after the product, as in the classic model.</summary>
    private Tensor Gated(Tensor x, LinearWeights gate, HookRun run)
    {
        var gated = activation(run.Fire(pre, gate.Apply(x)));
        var linear = run.Fire(preLinear!, (weights.In with { Bias = null }).Apply(x));
        return weights.In.Bias is null ? gated * linear : gated * linear + weights.In.Bias;
    }
}
