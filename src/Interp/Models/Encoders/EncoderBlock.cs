using Interp.Hooks;
using Interp.Models.Components;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>
/// A block with the norms behind the sums: mid = pre + attn(pre); post = ln1(mid) + mlp(ln1(mid)); the next block reads ln2(post).
/// </summary>
internal sealed class EncoderBlock
{
    private readonly HookPoint residPre;
    private readonly SplitInputs inputs;
    private readonly EncoderAttention attention;
    private readonly HookPoint attnOut;
    private readonly HookPoint residMid;
    private readonly HookPoint mlpIn;
    private readonly NormLayer ln1;
    private readonly MlpLayer mlp;
    private readonly HookPoint mlpOut;
    private readonly HookPoint residPost;
    private readonly NormLayer ln2;
    private readonly HookPoint normalizedResidPost;

    internal EncoderBlock(HookRegistry registry, int layer, EncoderBlockWeights weights, HookedEncoderConfig config)
    {
        var name = $"blocks.{layer}";
        string[] stream = ["batch", "pos", "d_model"];
        HookPoint Add(string point, bool onDemand = false) => registry.Add($"{name}.{point}", stream, layer, onDemand);
        NormLayer Norm(string norm, NormWeights scale) => new(registry, $"{name}.{norm}", layer, scale, NormalizationType.LN, config.Eps, stream);
        residPre = Add("hook_resid_pre");
        inputs = new SplitInputs(registry, name, layer, config.NHeads);
        attention = new EncoderAttention(registry, name + ".attn", layer, weights.Attention, 1 / Math.Sqrt(config.DHead));
        attnOut = Add("hook_attn_out");
        residMid = Add("hook_resid_mid");
        mlpIn = Add("hook_mlp_in", onDemand: true);
        ln1 = Norm("ln1", weights.Ln1);
        mlp = new MlpLayer(registry, name + ".mlp", layer, weights.Mlp, config.ActFn, config.Eps);
        mlpOut = Add("hook_mlp_out");
        residPost = Add("hook_resid_post");
        ln2 = Norm("ln2", weights.Ln2);
        normalizedResidPost = Add("hook_normalized_resid_post");
    }

    /// <summary>resid [batch, pos, d_model] → the same shape.</summary>
    /// <param name="resid">The stream.</param>
    /// <param name="allowed">Bool [batch, 1, 1, key], true for keys that may be seen; null for all.</param>
    /// <param name="run">The run.</param>
    internal Tensor Forward(Tensor resid, Tensor? allowed, HookRun run)
    {
        using var scope = torch.NewDisposeScope();
        resid = run.Fire(residPre, resid);
        var attended = run.Fire(attnOut, attention.Forward(inputs.Read(resid, null, run), allowed, null, run));
        var middle = run.Fire(mlpIn, run.Fire(residMid, resid + attended));
        var normalized = ln1.Forward(middle, run);
        var written = run.Fire(mlpOut, mlp.Forward(normalized, run));
        var after = run.Fire(residPost, normalized + written);
        return scope.MoveToOuter(run.Fire(normalizedResidPost, ln2.Forward(after, run)));
    }
}
