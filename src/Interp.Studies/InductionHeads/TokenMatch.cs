using Interp.Circuits.Heads;
using Interp.Circuits.Linear;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.InductionHeads;

/// <summary>
/// Whether an induction head, through a previous-token head, looks for the token that it stands at: the QK circuit
/// through another head's OV (Elhage et al. 2021, "term of the QK circuit with K-composition").
/// </summary>
/// <remarks>
/// With embeddings E, the later head's W_Q W_Kᵀ and the earlier head's W_V W_O, the score of a query at token x for a key
/// behind token y is
/// <code>
/// M[x, y] = E[x] W_Q W_Kᵀ (E[y] W_V W_O)ᵀ            vocabulary × vocabulary, of rank d_head
/// </code>
/// An induction circuit has its largest numbers on the diagonal: the best match of a token over the whole vocabulary is
/// the token itself, and the eigenvalues of M are positive. Scales of norms (positive, and one a row or column) and
/// rotations of positions are left out. In a model with MLPs E is what the first MLP makes of the embedding, which is
/// what later layers read there in its place.
/// </remarks>
/// <param name="SelfMatch">The share of tokens whose best match is themselves; by chance one in d_vocab.</param>
/// <param name="Eigenvalues">Σ Re λ / Σ |λ| of M, from −1 to 1.</param>
/// <param name="Tokens">The queries that were looked at: all tokens, or a sample of them; keys are always all.</param>
public sealed record TokenMatch(double SelfMatch, double Eigenvalues, int Tokens)
{
    private const int Sample = 2048;
    private const int Chunk = 512;

    /// <summary>Measures a pair of heads.</summary>
    /// <param name="model">The model, with folded norms.</param>
    /// <param name="embeddings">What the heads read of every token [d_vocab, d_model]; see <see cref="Embeddings"/>.</param>
    /// <param name="earlier">The previous-token head.</param>
    /// <param name="later">The induction head.</param>
    public static TokenMatch Of(HookedTransformer model, Tensor embeddings, HeadName earlier, HeadName later)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var written = embeddings.MatMul(model.OV(earlier.Layer, earlier.Head).A)
            .MatMul(model.OV(earlier.Layer, earlier.Head).B); // [token, d_model]
        var qk = model.QK(later.Layer, later.Head);
        var (queries, keys) = (embeddings.MatMul(qk.A), written.MatMul(qk.B.t())); // [token, d_head]
        var asked = Asked(queries.size(0), model.Device);
        var matches = 0L;
        for (var from = 0L; from < asked.size(0); from += Chunk)
        {
            using var inner = torch.NewDisposeScope();
            var some = asked.narrow(0, from, Math.Min(Chunk, asked.size(0) - from));
            matches += queries.index_select(0, some).MatMul(keys.t()).argmax(1).eq(some).sum().ToInt64();
        }
        var eigenvalues = CopyingScores.Score(new FactoredMatrix(queries, keys.t())).ToSingle();
        return new TokenMatch(matches / (double)asked.size(0), eigenvalues, (int)asked.size(0));
    }

    /// <summary>
    /// What heads behind the first layer read of a token alone [d_vocab, d_model]: its embedding, and in a model with MLPs
    /// what the first MLP adds to it.
    /// </summary>
    public static Tensor Embeddings(HookedTransformer model)
    {
        if (model.Config.AttnOnly) return model.W_E;
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var hooks = new List<Hooks.Hook> { new("blocks.0.attn.hook_z", (z, _) => torch.zeros_like(z)) };
        if (model.Hooks.Contains("hook_pos_embed")) hooks.Add(new("hook_pos_embed", (p, _) => torch.zeros_like(p)));
        var streams = new List<Tensor>();
        for (var from = 0; from < model.Config.DVocab; from += 4 * Chunk)
        {
            var count = Math.Min(4 * Chunk, model.Config.DVocab - from);
            var ids = (torch.arange(count, device: model.Device) + from).unsqueeze(1);
            streams.Add(model.RunWithHooks(ids, hooks, new ForwardOptions { StopAtLayer = 1 }).squeeze(1));
        }
        return scope.MoveToOuter(torch.cat([.. streams]));
    }

    private static Tensor Asked(long tokens, Device device)
    {
        if (tokens <= 4 * Sample) return torch.arange(tokens, device: device);
        using var generator = new Generator(0);
        return torch.randperm(tokens, generator: generator).narrow(0, 0, Sample).to(device);
    }
}
