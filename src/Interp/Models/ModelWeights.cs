using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>A linear map y = x · Weight + Bias.</summary>
/// <param name="Weight">[in, out]; any strides, so a stored [out, in] matrix is a transposed view.</param>
/// <param name="Bias">[out], or null for none.</param>
public sealed record LinearWeights(Tensor Weight, Tensor? Bias)
{
    /// <summary>x [..., in] → [..., out].</summary>
    public Tensor Apply(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        var shape = x.shape;
        var rows = x.reshape(-1, shape[^1]);
        var y = Bias is null ? rows.mm(Weight) : torch.addmm(Bias, rows, Weight, 1, 1);
        shape[^1] = y.size(1);
        return scope.MoveToOuter(y.view(shape));
    }
}

/// <summary>Scale and shift of a norm; null where the norm has none.</summary>
/// <param name="Weight">[d]</param>
/// <param name="Bias">[d]</param>
public sealed record NormWeights(Tensor? Weight, Tensor? Bias);

/// <summary>The weights of an MLP.</summary>
/// <param name="In">d_model → d_mlp.</param>
/// <param name="Out">d_mlp → d_model.</param>
/// <param name="Gate">d_model → d_mlp of a gated MLP, else null.</param>
/// <param name="Ln">The norm of the neurons behind the activation <c>solu_ln</c>, else null.</param>
public sealed record MlpWeights(LinearWeights In, LinearWeights Out, LinearWeights? Gate, NormWeights? Ln = null);

/// <summary>The weights of a mixture of experts.</summary>
/// <param name="Router">d_model → experts.</param>
/// <param name="Experts">Gated MLPs.</param>
public sealed record MoeWeights(LinearWeights Router, IReadOnlyList<MlpWeights> Experts);

/// <summary>The weights of one block.</summary>
/// <param name="Ln1">The norm before attention; null for no normalization.</param>
/// <param name="Qkv">d_model → (n_heads + 2 n_key_value_heads) · d_head: all queries, then keys, then values.</param>
/// <param name="Out">n_heads · d_head → d_model.</param>
/// <param name="Ln2">The norm before the MLP; null without either.</param>
/// <param name="Mlp">The MLP; null in an attention-only model and with experts.</param>
public sealed record BlockWeights(NormWeights? Ln1, LinearWeights Qkv, LinearWeights Out, NormWeights? Ln2, MlpWeights? Mlp)
{
    /// <summary>The experts in place of the MLP, or null.</summary>
    public MoeWeights? Moe { get; init; }

    /// <summary>Scale of the norm of every query [d_head], or null.</summary>
    public Tensor? QueryNorm { get; init; }

    /// <summary>Scale of the norm of every key [d_head], or null.</summary>
    public Tensor? KeyNorm { get; init; }

    /// <summary>The norm behind attention, or null.</summary>
    public NormWeights? Ln1Post { get; init; }

    /// <summary>The norm behind the MLP, or null.</summary>
    public NormWeights? Ln2Post { get; init; }
}

/// <summary>
/// All weights of a model, laid out once as the matrix kernels want them; <see cref="HookedTransformer"/> shows them
/// under the field's names as views.
/// </summary>
/// <param name="Embed">Token embedding [d_vocab, d_model].</param>
/// <param name="PosEmbed">Position embedding [n_ctx, d_model], or null.</param>
/// <param name="Blocks">One a layer.</param>
/// <param name="LnFinal">The norm before the unembedding; null for no normalization.</param>
/// <param name="Unembed">d_model → outputs; tied weights are a transposed view of the embedding.</param>
public sealed record ModelWeights(Tensor Embed, Tensor? PosEmbed, IReadOnlyList<BlockWeights> Blocks, NormWeights? LnFinal,
    LinearWeights Unembed)
{
    /// <summary>The norm of the embedding, or null.</summary>
    public NormWeights? EmbedNorm { get; init; }

    /// <summary>Every tensor with the name under which it is trained and listed.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Named()
    {
        yield return ("embed.W_E", Embed);
        foreach (var pair in Named("embed.ln", EmbedNorm)) yield return pair;
        if (PosEmbed is not null) yield return ("pos_embed.W_pos", PosEmbed);
        for (var layer = 0; layer < Blocks.Count; layer++)
            foreach (var (name, tensor) in Named(Blocks[layer]))
                yield return ($"blocks.{layer}.{name}", tensor);
        foreach (var pair in Named("ln_final", LnFinal)) yield return pair;
        // A tied unembedding is the embedding seen from the other side, not a weight of its own.
        if (!Unembed.Weight.SharesMemoryWith(Embed)) yield return ("unembed.W_U", Unembed.Weight);
        if (Unembed.Bias is not null) yield return ("unembed.b_U", Unembed.Bias);
    }

    private static IEnumerable<(string, Tensor)> Named(BlockWeights block) =>
    [
        .. Named("ln1", block.Ln1),
        .. Named("attn.W_QKV", "attn.b_QKV", block.Qkv),
        .. Named("attn.W_O", "attn.b_O", block.Out),
        .. Named("attn.q_norm", new NormWeights(block.QueryNorm, null)),
        .. Named("attn.k_norm", new NormWeights(block.KeyNorm, null)),
        .. Named("ln1_post", block.Ln1Post),
        // A block with one norm for attention and MLP has it once.
        .. Named("ln2", ReferenceEquals(block.Ln2, block.Ln1) ? null : block.Ln2),
        .. Named("mlp.", block.Mlp),
        .. Named("mlp.W_router", "mlp.b_router", block.Moe?.Router),
        .. (block.Moe?.Experts ?? []).SelectMany((expert, k) => Named($"mlp.experts.{k}.", expert)),
        .. Named("ln2_post", block.Ln2Post),
    ];

    private static IEnumerable<(string, Tensor)> Named(string prefix, MlpWeights? mlp) =>
    [
        .. Named(prefix + "W_in", prefix + "b_in", mlp?.In),
        .. Named(prefix + "W_gate", prefix + "b_gate", mlp?.Gate),
        .. Named(prefix + "ln", mlp?.Ln),
        .. Named(prefix + "W_out", prefix + "b_out", mlp?.Out),
    ];

    private static IEnumerable<(string, Tensor)> Named(string weight, string bias, LinearWeights? linear)
    {
        if (linear is null) yield break;
        yield return (weight, linear.Weight);
        if (linear.Bias is not null) yield return (bias, linear.Bias);
    }

    private static IEnumerable<(string, Tensor)> Named(string name, NormWeights? norm)
    {
        if (norm?.Weight is not null) yield return (name + ".w", norm.Weight);
        if (norm?.Bias is not null) yield return (name + ".b", norm.Bias);
    }
}
