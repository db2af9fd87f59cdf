using Interp.Circuits.Evaluation;
using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Attribution;

/// <summary>Scores every edge of a model: how much the metric changes when this edge alone carries its corrupted
/// value.</summary>
/// <remarks>
/// Problem: patching every edge takes a run for each, and a small model has tens of thousands. Idea (attribution
/// patching: Nanda 2023; for edges Syed et al. 2023): to first order
/// <code>
/// m(edge u → v corrupted) − m(clean)
///     ≈ Σ over batch and positions (u's corrupted output − its clean output) · ∂m/∂(v's input)
/// </code>
/// so one backward pass gives all of them. Where the gradient is flat at the clean run but not on the way (a saturated
/// softmax), it misses edges; averaging it over the way finds them (EAP-IG). The score has the sign of the change: an
/// edge that helps the clean answer is negative for a metric that is high for it.
/// <code>
/// var graph = EdgeAttribution.Run(model, clean, PatchSource.Run(corrupted), LogitMetric.Difference(mary, john));
/// foreach (var edge in graph.TopEdges(10).Circuit) Console.WriteLine($"{edge.Name}: {edge.Score:0.000}");
/// </code>
/// How a gradient at v's input is had without an input for every head in the run: the backward pass gives it at the
/// head's query, key and value, from where it is brought back through the head's matrix and the norm, layer by layer.
/// </remarks>
public static class EdgeAttribution
{
    /// <summary>Scores every edge.</summary>
    /// <param name="model">The model; its attention and MLP must write into the stream without a norm behind
    /// them.</param>
    /// <param name="clean">The run that is studied, integers [batch, pos] or [pos].</param>
    /// <param name="source">Where corrupted values come from.</param>
    /// <param name="metric">What is explained; its gradient must exist, except for the exact method.</param>
    /// <param name="options">The method and its steps.</param>
    /// <returns>The graph with scores, and every edge in the circuit.</returns>
    /// <exception cref="ArgumentException">The model, the source or the metric does not fit; the message says
    /// why.</exception>
    public static CircuitGraph Run(HookedTransformer model, Tensor clean, PatchSource source, LogitMetric metric,
        EdgeAttributionOptions? options = null)
    {
        options = (options ?? EdgeAttributionOptions.Default).Validate();
        if (options.Method == EdgeMethod.Exact) return Exact(model, clean, source, metric, options);
        using var scope = torch.NewDisposeScope();
        using var runs = new ComponentRuns(model, clean, source, metric, options.Sweep);
        var scores = new EdgeScores(runs);
        switch (options.Method)
        {
            case EdgeMethod.Eap:
                new GradientPass(runs).Run(runs.Entrances[0], 0, scores.FromAllSources(1));
                break;
            case EdgeMethod.EapIgInputs:
                OnInputs(runs, scores, options);
                break;
            default:
                OnActivations(runs, scores, options);
                break;
        }
        return CircuitGraph.Full(runs.Shape).WithScores(scores.ToArray());
    }

    private static void OnInputs(ComponentRuns runs, EdgeScores scores, EdgeAttributionOptions options)
    {
        foreach (var share in options.Shares)
        {
            Next(options);
            using var scope = torch.NewDisposeScope();
            var entrance = runs.Entrances[0] + runs.Difference.select(0, 0) * share;
            new GradientPass(runs).Run(entrance, 0, scores.FromAllSources(1.0 / options.Steps));
        }
    }

    /// <summary>The sources that write at one time go their way together: the input, the heads of a layer, an
    /// MLP.</summary>
    private static void OnActivations(ComponentRuns runs, EdgeScores scores, EdgeAttributionOptions options)
    {
        var shape = runs.Shape;
        void Path(Tensor stream, int layer, int first, int count, bool middle = false)
        {
            foreach (var share in options.Shares)
            {
                Next(options);
                using var scope = torch.NewDisposeScope();
                var moved = stream + runs.Difference.narrow(0, first, count).sum([0]) * share;
                new GradientPass(runs).Run(moved, layer, scores.FromSources(first, count, 1.0 / options.Steps), middle);
            }
        }
        Path(runs.Entrances[0], 0, 0, 1);
        for (var layer = 0; layer < shape.NLayers; layer++)
        {
            var first = shape.SourcesBeforeLayer(layer);
            if (runs.ReadsMiddle) Path(runs.Middles[layer], layer, first, shape.NHeads, middle: true);
            else Path(runs.Entrances[layer + 1], layer + 1, first, shape.NHeads);
            if (!shape.AttnOnly) Path(runs.Entrances[layer + 1], layer + 1, first + shape.NHeads, 1);
        }
    }

    private static CircuitGraph Exact(HookedTransformer model, Tensor clean, PatchSource source, LogitMetric metric,
        EdgeAttributionOptions options)
    {
        using var runner = new CircuitRunner(model, clean, source, metric, options.Sweep);
        var graph = CircuitGraph.Full(runner.Shape);
        var values = runner.Run([.. Enumerable.Range(0, graph.Scores.Count).Select(edge => new[] { edge })]);
        return graph.WithScores(values.Select(value => value - runner.Clean));
    }

    private static void Next(EdgeAttributionOptions options) =>
        options.Sweep.Cancellation.ThrowIfCancellationRequested();
}
