using Interp.Torch;

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
        var y = Bias is null ? rows.mm(Weight) : torch.addmm(Bias, rows, Weight);
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
public sealed record MlpWeights(LinearWeights In, LinearWeights Out, LinearWeights? Gate);

/// <summary>The weights of one block.</summary>
/// <param name="Ln1">The norm before attention; null for no normalization.</param>
/// <param name="Qkv">d_model → (n_heads + 2 n_key_value_heads) · d_head: all queries, then keys, then values.</param>
/// <param name="Out">n_heads · d_head → d_model.</param>
/// <param name="Ln2">The norm before the MLP; null without either.</param>
/// <param name="Mlp">The MLP; null in an attention-only model.</param>
public sealed record BlockWeights(NormWeights? Ln1, LinearWeights Qkv, LinearWeights Out, NormWeights? Ln2, MlpWeights? Mlp);

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
    /// <summary>Every tensor with the name under which it is trained and listed.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Named()
    {
        yield return ("embed.W_E", Embed);
        if (PosEmbed is not null) yield return ("pos_embed.W_pos", PosEmbed);
        for (var layer = 0; layer < Blocks.Count; layer++)
            foreach (var (name, tensor) in Named(Blocks[layer]))
                yield return ($"blocks.{layer}.{name}", tensor);
        foreach (var pair in Named("ln_final", LnFinal)) yield return pair;
        // A tied unembedding is the embedding seen from the other side, not a weight of its own.
        if (!Unembed.Weight.shares_storage_with(Embed)) yield return ("unembed.W_U", Unembed.Weight);
        if (Unembed.Bias is not null) yield return ("unembed.b_U", Unembed.Bias);
    }

    private static IEnumerable<(string, Tensor)> Named(BlockWeights block) =>
    [
        .. Named("ln1", block.Ln1),
        .. Named("attn.W_QKV", "attn.b_QKV", block.Qkv),
        .. Named("attn.W_O", "attn.b_O", block.Out),
        .. Named("ln2", block.Ln2),
        .. Named("mlp.W_in", "mlp.b_in", block.Mlp?.In),
        .. Named("mlp.W_gate", "mlp.b_gate", block.Mlp?.Gate),
        .. Named("mlp.W_out", "mlp.b_out", block.Mlp?.Out),
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
