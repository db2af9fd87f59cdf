using Interp.Circuits.Graphs;

namespace Interp.Circuits.Evaluation;

/// <summary>How much of a task circuits of growing size do, and the areas that sum a method up.</summary>
/// <remarks> Problem: one circuit says little about a method of scoring, since its size is a choice. Idea (Mueller et
/// al. 2025, arXiv 2504.13151): take the best edges at standard sizes and measure
/// <code>
/// faithfulness f(k) = (m(circuit of size k) − m(corrupted)) / (m(clean) − m(corrupted))
/// CPR = ∫ f(k) dk        (circuit performance ratio: higher is better)
/// CMD = ∫ |1 − f(k)| dk  (circuit–model distance: 0 is best)
/// </code>
/// over shares k of the edges, by trapezoids. Completeness is the faithfulness of the complement (Marks et al. 2024,
/// arXiv 2403.19647): near 0 where the circuit has everything that does the task.
/// <code>
/// using var runner = new CircuitRunner(model, clean, PatchSource.Run(corrupted), metric);
/// var curve = FaithfulnessCurve.Measure(runner, graph);
/// foreach (var point in curve.Points) Console.WriteLine($"{point.Size:P1}: {point.Faithfulness:0.00}");
/// </code>
/// </remarks>
/// <param name="Points">One a size, in ascending order.</param>
/// <param name="Clean">The metric of the whole model.</param>
/// <param name="Corrupted">The metric without any edge.</param>
/// <param name="Cpr">The area under the curve.</param>
/// <param name="Cmd">The area between the curve and 1.</param>
public sealed record FaithfulnessCurve(
    IReadOnlyList<CurvePoint> Points, double Clean, double Corrupted, double Cpr, double Cmd)
{
    /// <summary>The standard sizes of the MIB benchmark: 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50 and 100% of the
    /// edges.</summary>
    public static IReadOnlyList<double> StandardSizes { get; } =
        [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

    /// <summary>Measures the circuits that a graph's scores choose.</summary>
    /// <param name="runner">The model, its runs and the metric.</param>
    /// <param name="graph">Scores of this model's edges or nodes.</param>
    /// <param name="options">Sizes and how edges are chosen.</param>
    /// <exception cref="InvalidOperationException">Clean and corrupted run have the same metric, or scores are
    /// missing.</exception>
    public static FaithfulnessCurve Measure(CircuitRunner runner, CircuitGraph graph, CurveOptions? options = null)
    {
        options = (options ?? CurveOptions.Default).Validate();
        var available = options.Selection == CircuitSelection.TopNodes
            ? graph.NodeScores?.Count(score => !double.IsNaN(score)) ?? 0
            : graph.Scores.Count;
        int[] counts = [.. options.Sizes.Select(size => (int)(size * available))];
        CircuitGraph[] circuits = [.. counts.Select(count => Choose(graph, count, options).Prune())];
        var metrics = runner.Run(circuits);
        var rest = options.Completeness ? runner.Run([.. circuits.Select(circuit => circuit.Complement())]) : null;
        CurvePoint[] points =
            [.. options.Sizes.Select((size, k) => new CurvePoint(size, counts[k], circuits[k].CircuitSize,
            metrics[k], runner.Normalize(metrics[k]), rest is null ? null : runner.Normalize(rest[k])))];
        return new FaithfulnessCurve(points, runner.Clean, runner.Corrupted,
            Area(points, faithfulness => faithfulness), Area(points, faithfulness => Math.Abs(1 - faithfulness)));
    }

    /// <summary>The area under a function of faithfulness between the first and the last size, by trapezoids.</summary>
    internal static double Area(IReadOnlyList<CurvePoint> points, Func<double, double> height) =>
        points.Zip(points.Skip(1)).Sum(pair => (pair.Second.Size - pair.First.Size) *
            (height(pair.First.Faithfulness) + height(pair.Second.Faithfulness)) / 2);

    private static CircuitGraph Choose(CircuitGraph graph, int count, CurveOptions options) => options.Selection switch
    {
        CircuitSelection.TopEdges => graph.TopEdges(count, options.Absolute),
        CircuitSelection.Greedy => graph.GreedyEdges(count, options.Absolute),
        _ => graph.TopNodes(count, options.Absolute),
    };
}
