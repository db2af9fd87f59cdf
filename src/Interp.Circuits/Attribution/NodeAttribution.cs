using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Attribution;

/// <summary>Scores every node of a circuit graph: how much the metric changes when this component's output is
/// corrupted.</summary>
/// <remarks>
/// The sites are <c>hook_embed</c>, every head of <c>attn.hook_z</c> and every <c>hook_mlp_out</c>, at all positions;
/// the scores stand in <see cref="CircuitGraph.NodeScores"/>.
/// <code>
/// var graph = NodeAttribution.Run(model, clean, PatchSource.Run(corrupted), metric);
/// var circuit = graph.TopNodes(10).Prune();
/// </code>
/// </remarks>
public static class NodeAttribution
{
    /// <summary>Scores every node by gradients (attribution patching), or exactly.</summary>
    /// <param name="model">The model.</param>
    /// <param name="clean">The run that is studied, integers [batch, pos] or [pos].</param>
    /// <param name="source">Where corrupted values come from.</param>
    /// <param name="metric">What is explained.</param>
    /// <param name="exact">Whether to run the model once for every node instead; <value>false</value></param>
    /// <param name="options">Memory, padding, progress.</param>
    /// <returns>The graph with node scores, and every edge in the circuit.</returns>
    public static CircuitGraph Run(HookedTransformer model, Tensor clean, PatchSource source, LogitMetric metric,
        bool exact = false, SweepOptions? options = null)
    {
        using var scope = torch.NewDisposeScope();
        var graph = CircuitGraph.Of(model);
        PatchSite[] sites = [.. Enumerable.Range(0, graph.Shape.SourceCount).Select(k => Site(graph.Shape.Source(k)))];
        using var patching = exact ? new ActivationPatching(model, clean, source, metric, options) : null;
        var result = patching?.Run(sites) ??
            new AttributionPatching(model, clean, source, metric, options).Run(sites);
        return graph.WithNodeScores(result.Values.Select(value => value - result.Baseline));
    }

    private static PatchSite Site(CircuitNode node) => node.Kind switch
    {
        NodeKind.Input => new PatchSite("hook_embed"),
        NodeKind.Mlp => new PatchSite($"blocks.{node.Layer}.hook_mlp_out"),
        _ => new PatchSite($"blocks.{node.Layer}.attn.hook_z") { Head = node.Head },
    };
}
