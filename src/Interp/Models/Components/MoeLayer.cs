using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

/// <summary>
/// A mixture of experts: every token goes through the k experts that the router gives most weight, and the weights of
/// those are brought to sum 1 (Mixtral, Jiang et al. 2024).
/// </summary>
/// <remarks>
/// Tokens of all sequences are one list here, so the points have no batch: weights [token, expert] and indices
/// [token, k] of the router; gate, pre and post [tokens of the expert, d_mlp] of every expert.
/// </remarks>
internal sealed class MoeLayer
{
    private readonly MoeWeights weights;
    private readonly int used;
    private readonly Func<Tensor, Tensor> activation;
    private readonly HookPoint routerWeights;
    private readonly HookPoint routerIndices;
    private readonly (HookPoint Gate, HookPoint Pre, HookPoint Post)[] experts;

    internal MoeLayer(HookRegistry registry, int layer, MoeWeights weights, HookedTransformerConfig config)
    {
        this.weights = weights;
        used = config.ExpertsPerToken!.Value;
        activation = Activations.Get(config.ActFn!);
        HookPoint Add(string name, params string[] dimensions) => registry.Add($"blocks.{layer}.mlp.{name}", dimensions, layer);
        routerWeights = Add("hook_expert_weights", "token", "expert");
        routerIndices = Add("hook_expert_indices", "token", "k");
        experts = [.. Enumerable.Range(0, weights.Experts.Count).Select(e => (
            Add($"experts.{e}.hook_gate", "expert_token", "d_mlp"),
            Add($"experts.{e}.hook_pre", "expert_token", "d_mlp"),
            Add($"experts.{e}.hook_post", "expert_token", "d_mlp")))];
    }

    /// <summary>x [batch, pos, d_model] → the same shape.</summary>
    internal Tensor Forward(Tensor x, HookRun run)
    {
        using var scope = torch.NewDisposeScope();
        var tokens = x.reshape(-1, x.size(-1));
        var probabilities = run.Fire(routerWeights, weights.Router.Apply(tokens).softmax(1, ScalarType.Float32)); // [token, expert]
        var chosen = run.Fire(routerIndices, probabilities.topk(used).indexes); // [token, k]
        var share = probabilities.gather(1, chosen);
        share = (share / share.sum(1, true)).to(x.dtype);
        var output = torch.zeros_like(tokens);
        for (var e = 0; e < experts.Length; e++)
        {
            // As in the classic model, tokens whose first choice the expert is come before those whose second it is.
            var places = chosen.t().eq(e).nonzero(); // [tokens of the expert, (place among the k, token)]
            var (place, rows) = (places.select(1, 0), places.select(1, 1));
            var result = Expert(e, tokens.index_select(0, rows), run) * share[rows, place].unsqueeze(1);
            output = output.index_add(0, rows, result, 1);
        }
        return scope.MoveToOuter(output.view(x.shape));
    }

    private Tensor Expert(int index, Tensor x, HookRun run)
    {
        var (expert, points) = (weights.Experts[index], experts[index]);
        var gate = run.Fire(points.Gate, expert.Gate!.Apply(x));
        var pre = run.Fire(points.Pre, expert.In.Apply(x));
        return expert.Out.Apply(run.Fire(points.Post, activation(gate) * pre));
    }
}
