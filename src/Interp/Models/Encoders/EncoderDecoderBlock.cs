using Interp.Hooks;
using Interp.Models.Components;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Encoders;

/// <summary>
/// mid = pre + attn(ln1(pre)); in a decoder mid' = mid + cross_attn(ln2(mid), encoder), else mid' = mid; post = mid' + mlp(norm(mid')).
/// </summary>
internal sealed class EncoderDecoderBlock
{
    private readonly HookPoint residPre;
    private readonly SplitInputs inputs;
    private readonly NormLayer ln1;
    private readonly EncoderAttention attention;
    private readonly HookPoint attnOut;
    private readonly HookPoint residMid;
    private readonly CrossAttention? cross;
    private readonly HookPoint mlpIn;
    private readonly NormLayer lnMlp;
    private readonly MlpLayer mlp;
    private readonly HookPoint mlpOut;
    private readonly HookPoint residPost;

    /// <param name="registry">Where the points go.</param>
    /// <param name="name">The block's name, for example <c>decoder.0</c>.</param>
    /// <param name="layer">Its number.</param>
    /// <param name="weights">Its weights; with cross attention it is a decoder's.</param>
    /// <param name="config">The sizes.</param>
    internal EncoderDecoderBlock(HookRegistry registry, string name, int layer, EncoderDecoderBlockWeights weights, HookedEncoderDecoderConfig config)
    {
        string[] stream = ["batch", "pos", "d_model"];
        HookPoint Add(string point, bool onDemand = false) => registry.Add($"{name}.{point}", stream, layer, onDemand);
        NormLayer Norm(string norm, NormWeights scale) => new(registry, $"{name}.{norm}", layer, scale, NormalizationType.RMS, config.Eps, stream);
        residPre = Add("hook_resid_pre");
        inputs = new SplitInputs(registry, name, layer, config.NHeads);
        ln1 = Norm("ln1", weights.Ln1);
        // The scores are not divided by √d_head: the model was trained with small queries instead.
        attention = new EncoderAttention(registry, name + ".attn", layer, weights.Attention, 1);
        attnOut = Add("hook_attn_out");
        residMid = Add("hook_resid_mid");
        if (weights.CrossAttention is not null)
            cross = new CrossAttention(Add("hook_cross_attn_in", onDemand: true), Norm("ln2", weights.Ln2),
                new EncoderAttention(registry, name + ".cross_attn", layer, weights.CrossAttention, 1, "encoder_pos"),
                Add("hook_cross_attn_out"), Add("hook_resid_mid_cross"));
        mlpIn = Add("hook_mlp_in", onDemand: true);
        lnMlp = cross is null ? Norm("ln2", weights.Ln2) : Norm("ln3", weights.Ln3!);
        mlp = new MlpLayer(registry, name + ".mlp", layer, weights.Mlp, config.ActFn, config.Eps);
        mlpOut = Add("hook_mlp_out");
        residPost = Add("hook_resid_post");
    }

    /// <summary>resid [batch, pos, d_model] → the same shape.</summary>
    /// <param name="resid">The stream.</param>
    /// <param name="own">What attention to the stream itself may see, and the bias of its scores.</param>
    /// <param name="encoder">What the encoder gave [batch, encoder_pos, d_model], and what of it may be seen; nulls in an encoder.</param>
    /// <param name="run">The run.</param>
    internal Tensor Forward(Tensor resid, (Tensor? Allowed, Tensor Bias) own, (Tensor? Stream, Tensor? Allowed) encoder, HookRun run)
    {
        using var scope = torch.NewDisposeScope();
        resid = run.Fire(residPre, resid);
        var attended = run.Fire(attnOut, attention.Forward(inputs.Read(resid, ln1, run), own.Allowed, own.Bias, run));
        var middle = run.Fire(residMid, resid + attended);
        if (cross is not null) middle = cross.Forward(middle, encoder.Stream!, encoder.Allowed, run);
        var written = mlp.Forward(lnMlp.Forward(run.Fire(mlpIn, middle), run), run);
        return scope.MoveToOuter(run.Fire(residPost, middle + run.Fire(mlpOut, written)));
    }

    /// <summary>The part of a decoder's block that reads the encoder.</summary>
    private sealed record CrossAttention(HookPoint In, NormLayer Norm, EncoderAttention Attention, HookPoint Out, HookPoint ResidMidCross)
    {
        internal Tensor Forward(Tensor resid, Tensor encoder, Tensor? allowed, HookRun run)
        {
            var query = Norm.Forward(run.Fire(In, resid), run);
            return run.Fire(ResidMidCross, resid + run.Fire(Out, Attention.Forward((query, encoder, encoder), allowed, null, run)));
        }
    }
}
