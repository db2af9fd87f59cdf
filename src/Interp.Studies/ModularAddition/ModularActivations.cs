using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.ModularAddition;

/// <summary>What a one-layer model computes at "=" for all pairs of numbers, in float64 on the processor.</summary>
/// <remarks>
/// Pairs and answers stand in the order of <see cref="ModularTask"/>'s places, so that the answer to (i, j) is i + j
/// whatever the operation. The output for "=", if there is one, is dropped.
/// </remarks>
public sealed class ModularActivations : IDisposable
{
    private const int PairsAtOnce = 4096;
    private readonly Tensor labels;

    private ModularActivations(HookedTransformer model, ModularTask task, Tensor stream, Tensor neurons, Tensor scores, Tensor pattern,
        Tensor logits)
    {
        (Task, Stream, Neurons, Scores, Pattern, Logits) = (task, stream, neurons, scores, pattern, logits);
        var n = task.Order;
        labels = torch.tensor([.. Enumerable.Range(0, n * n).Select(pair => (long)((pair / n + pair % n) % n))], [n * n]);
        var answers = torch.tensor([.. task.Answers.Select(token => (long)token)], [n]);
        Unembedding = Exact(model.W_U).index_select(1, answers);
        UnembeddingBias = Exact(model.b_U).index_select(0, answers);
        (Out, OutBias) = (Exact(model.W_out(0)), Exact(model.b_out(0)));
        foreach (var tensor in Tensors()) tensor.DetachFromDisposeScope();
    }

    /// <summary>The task.</summary>
    public ModularTask Task { get; }

    /// <summary>The residual stream between attention and MLP [pair, d_model].</summary>
    public Tensor Stream { get; }

    /// <summary>The neurons behind their activation [pair, d_mlp].</summary>
    public Tensor Neurons { get; }

    /// <summary>Attention scores from "=" [pair, head, 3].</summary>
    public Tensor Scores { get; }

    /// <summary>Attention from "=" [pair, head, 3].</summary>
    public Tensor Pattern { get; }

    /// <summary>Logits [pair, answer].</summary>
    public Tensor Logits { get; }

    /// <summary>W_out [d_mlp, d_model].</summary>
    internal Tensor Out { get; }

    /// <summary>b_out [d_model].</summary>
    internal Tensor OutBias { get; }

    /// <summary>W_U [d_model, answer].</summary>
    internal Tensor Unembedding { get; }

    /// <summary>b_U [answer].</summary>
    internal Tensor UnembeddingBias { get; }

    /// <summary>Runs a model on all pairs.</summary>
    /// <param name="model">One layer with an MLP and no norms, at least 3 positions, a token for every number and for "=".</param>
    /// <param name="task">The task.</param>
    /// <param name="cancellation">Stops between parts of the pairs.</param>
    /// <exception cref="ArgumentException">The model is another.</exception>
    public static ModularActivations Of(HookedTransformer model, ModularTask task, CancellationToken cancellation = default)
    {
        Check(model.Config, task);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var parts = Enumerable.Range(0, task.Order * task.Order).Chunk(PairsAtOnce).Select(pairs =>
        {
            cancellation.ThrowIfCancellationRequested();
            return Run(model, task, pairs);
        }).ToList();
        Tensor Joined(int which) => torch.cat([.. parts.Select(part => part[which])]);
        return new ModularActivations(model, task, Joined(0), Joined(1), Joined(2), Joined(3), Joined(4));
    }

    /// <summary>The mean loss of logits over all pairs, or over some.</summary>
    /// <param name="logits">[pair, answer]</param>
    /// <param name="pairs">Which pairs; null for all.</param>
    public double Loss(Tensor logits, Tensor? pairs = null)
    {
        using var scope = torch.NewDisposeScope();
        var (chosen, right) = pairs is null ? (logits, labels) : (logits.index_select(0, pairs), labels.index_select(0, pairs));
        return PairForward.Loss(chosen, right).ToDouble();
    }

    /// <summary>The part of pairs whose right answer has the highest logit.</summary>
    public double Accuracy(Tensor logits, Tensor? pairs = null)
    {
        using var scope = torch.NewDisposeScope();
        var right = logits.argmax(-1).eq(labels).to(ScalarType.Float64);
        return (pairs is null ? right : right.index_select(0, pairs)).mean().ToDouble();
    }

    /// <summary>How far the right answer's logit is above the best other one, at the pair where that is least.</summary>
    public double SmallestMargin()
    {
        using var scope = torch.NewDisposeScope();
        var index = labels.unsqueeze(1);
        var others = Logits.scatter(1, index, torch.full_like(index, double.NegativeInfinity, Logits.dtype)).amax([1]);
        return (Logits.gather(1, index).squeeze(1) - others).min().ToDouble();
    }

    /// <summary>The logits for other values of what they are computed from.</summary>
    /// <param name="stream">[pair, d_model] in place of the stream that passes the MLP by.</param>
    /// <param name="neurons">[pair, d_mlp] in place of the neurons.</param>
    internal Tensor LogitsFrom(Tensor stream, Tensor neurons)
    {
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter((stream + neurons.MatMul(Out) + OutBias).MatMul(Unembedding) + UnembeddingBias);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors()) tensor.Dispose();
    }

    /// <summary>The tokens of pairs [pair, 3].</summary>
    internal static Tensor Tokens(ModularTask task, IReadOnlyList<int> pairs, Device device) => torch.tensor(
        [.. pairs.SelectMany(pair => (long[])[task.First[pair / task.Order], task.Second[pair % task.Order], task.EqualsToken])],
        [pairs.Count, 3], device: device);

    internal static void Check(HookedTransformerConfig c, ModularTask task)
    {
        if (c.NLayers != 1 || c.AttnOnly || c.GatedMlp || c.NumExperts is not null || c.NormalizationType != NormalizationType.None
            || c.ParallelAttnMlp)
            throw new ArgumentException("the analysis of modular arithmetic is for models of one layer with a plain MLP and no norms; this one has "
                + $"{c.NLayers} layers, {(c.AttnOnly ? "no MLP" : "an MLP")} and {(c.NormalizationType == NormalizationType.None ? "no norms" : "norms")}");
        if (c.DVocab <= task.Modulus || c.OutputSize < task.Modulus || c.NCtx < 3)
            throw new ArgumentException($"a model of arithmetic modulo {task.Modulus} needs {task.Modulus + 1} tokens, {task.Modulus} outputs and 3 "
                + $"positions; this one has {c.DVocab}, {c.OutputSize} and {c.NCtx}");
    }

    private static Tensor[] Run(HookedTransformer model, ModularTask task, int[] pairs)
    {
        using var scope = torch.NewDisposeScope();
        string[] names = ["blocks.0.hook_resid_mid", "blocks.0.mlp.hook_post", "blocks.0.attn.hook_attn_scores", "blocks.0.attn.hook_pattern"];
        var (logits, cache) = model.RunWithCache(Tokens(task, pairs, model.Device), names, [], new ForwardOptions { Logits = LogitPositions.Last });
        var answers = torch.tensor([.. task.Answers.Select(token => (long)token)], [task.Order]);
        Tensor[] found =
        [
            Exact(cache[names[0]].select(1, 2)), Exact(cache[names[1]].select(1, 2)),
            Exact(cache[names[2]].select(2, 2)), Exact(cache[names[3]].select(2, 2)),
            Exact(logits.select(1, 0)).index_select(1, answers),
        ];
        return Array.ConvertAll(found, scope.MoveToOuter);
    }

    private static Tensor Exact(Tensor tensor) => tensor.detach().to(ScalarType.Float64, torch.CPU);

    private Tensor[] Tensors() =>
        [Stream, Neurons, Scores, Pattern, Logits, Out, OutBias, Unembedding, UnembeddingBias, labels];
}
