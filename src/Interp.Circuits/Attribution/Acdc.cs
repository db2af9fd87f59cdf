using Interp.Circuits.Evaluation;
using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Attribution;

/// <summary>Searches for a circuit by trying to remove every edge, from the logits to the input.</summary>
/// <remarks> Problem: scores are taken with everything else in place, and say nothing about what a set of edges does
/// together.
/// Idea
/// (automatic circuit discovery: Conmy et al. 2023, arXiv 2304.14997): begin with all edges; from the last receiver to
/// the first, corrupt each of its edges in turn, and keep it corrupted when the metric moves by less than a threshold.
/// A component that no edge of the circuit reads is not looked at any more: its edges go without a run.
/// <code> var circuit = Acdc.Run(model, clean, PatchSource.Run(corrupted), new AcdcOptions { Threshold = 0.05 });
/// Console.WriteLine($"{circuit.CircuitSize} edges");
/// </code>
/// Several removals are tried in one run on the guess that all succeed; behind the first that does not, the rest is
/// tried again. So the circuit is that of one run an edge, and everything before the receiver's layer is never
/// computed again.
/// </remarks>
public sealed class Acdc
{
    private readonly CircuitRunner runner;
    private readonly AcdcOptions options;
    private readonly AcdcChange change;
    private readonly CircuitGraph full;
    private readonly bool[] removed;
    private readonly double[] changes;
    private double current;
    private int decided;

    private Acdc(CircuitRunner runner, AcdcOptions options)
    {
        (this.runner, this.options) = (runner, options);
        change = options.Change ?? (options.Metric is null ? AcdcChange.Increase : AcdcChange.Either);
        full = CircuitGraph.Full(runner.Shape);
        (removed, changes) = (new bool[full.Scores.Count], new double[full.Scores.Count]);
        current = runner.Clean;
    }

    /// <summary>Searches.</summary>
    /// <param name="model">The model; its attention and MLP must write into the stream without a norm behind
    /// them.</param>
    /// <param name="clean">The run that is studied, integers [batch, pos] or [pos].</param>
    /// <param name="source">Where the values of removed edges come from.</param>
    /// <param name="options">Threshold and metric.</param>
    /// <returns>The circuit; the score of an edge is the change of the metric when its removal was tried, 0 where none
    /// was needed.</returns>
    public static CircuitGraph Run(HookedTransformer model, Tensor clean, PatchSource source,
        AcdcOptions? options = null)
    {
        options = (options ?? new AcdcOptions()).Validate();
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var metric = options.Metric ?? Divergence(model, clean, options.Sweep);
        using var runner = new CircuitRunner(model, clean, source, metric, options.Sweep with { Progress = null });
        return new Acdc(runner, options).Search();
    }

    /// <summary>KL(whole model ∥ circuit) of the next token at the last position, the mean over the batch.</summary>
    private static LogitMetric Divergence(HookedTransformer model, Tensor clean, SweepOptions options)
    {
        var logits = model.Forward(clean, new ForwardOptions
        {
            PaddingMask = options.PaddingMask,
            Logits = LogitPositions.Last,
        });
        var whole = logits.to(ScalarType.Float64).log_softmax(-1); // [batch, 1, tokens]
        return LogitMetric.Of(
            circuit => (whole.exp() * (whole - circuit.to(ScalarType.Float64).log_softmax(-1))).sum([-1], false).mean(),
            "KL divergence", [-1]);
    }

    private CircuitGraph Search()
    {
        var shape = full.Shape;
        var read = new bool[shape.SourceCount];
        for (var receiver = shape.ReceiverCount - 1; receiver >= 0; receiver--)
        {
            var (first, count) = full.EdgesInto(receiver);
            var node = shape.Receiver(receiver).Node;
            var edges = Enumerable.Range(first, count).Reverse().ToArray();
            if (node.Kind == NodeKind.Logits || read[shape.IndexOf(node)]) Try(edges);
            else foreach (var edge in edges) removed[edge] = true;
            foreach (var edge in edges.Where(edge => !removed[edge])) read[edge - first] = true;
            options.Sweep.Progress?.Report(new SweepProgress(decided += count, removed.Length));
        }
        return full.WithScores(changes).WithCircuit(removed.Select(gone => !gone)).Prune();
    }

    /// <summary>Tries to remove edges in their order.</summary>
    private void Try(int[] edges)
    {
        for (var next = 0; next < edges.Length;)
        {
            var tried = edges[next..Math.Min(next + options.Guesses, edges.Length)];
            var metrics = runner.Run([.. tried.Select((_, last) => With(tried[..(last + 1)]))]);
            var at = 0;
            for (; at < tried.Length && Matters(metrics[at] - current) is false; at++) Remove(tried[at], metrics[at]);
            if (at < tried.Length) changes[tried[at]] = metrics[at] - current;
            next += Math.Min(at + 1, tried.Length);
        }
    }

    private void Remove(int edge, double metric)
    {
        (removed[edge], changes[edge]) = (true, metric - current);
        current = metric;
    }

    private bool Matters(double moved) => change switch
    {
        AcdcChange.Increase => moved >= options.Threshold,
        AcdcChange.Decrease => -moved >= options.Threshold,
        _ => Math.Abs(moved) >= options.Threshold,
    };

    /// <summary>The removed edges and some more, in ascending order.</summary>
    private int[] With(int[] more) =>
        [.. Enumerable.Range(0, removed.Length).Where(edge => removed[edge]).Concat(more).Order()];
}
