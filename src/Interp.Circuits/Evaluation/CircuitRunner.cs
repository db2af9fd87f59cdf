using Interp.Circuits.Attribution;
using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Evaluation;

/// <summary>Runs a model with only a circuit working: every edge outside of it carries the corrupted value.</summary>
/// <remarks> Problem: a circuit is a claim that its edges alone do the task. Idea (Wang et al. 2022; Hanna et al.
/// 2024): compute node by node, and let every receiver read
/// <code>
/// Σ over its edges in the circuit: what the source wrote in this run
/// + Σ over its other edges: what the source wrote in the corrupted run (or zero, or a mean)
/// </code>
/// With all edges that is the clean run, with none the corrupted one. Biases of attention and position embeddings
/// are no nodes: they are always as in the clean run.
/// <code>
/// using var runner = new CircuitRunner(model, clean, PatchSource.Run(corrupted), metric);
/// var faithfulness = runner.Faithfulness(graph.TopEdges(200).Prune());
/// </code>
/// The run starts at the first layer with an edge outside of the circuit, and circuits are computed together.
/// </remarks>
public sealed class CircuitRunner : IDisposable
{
    private const double Rounding = 2e-6;

    private readonly ComponentRuns runs;
    private readonly SweepOptions options;
    private readonly CircuitGraph layout;

    /// <param name="model">The model; its attention and MLP must write into the stream without a norm behind
    /// them.</param>
    /// <param name="clean">The run that is studied, integers [batch, pos] or [pos].</param>
    /// <param name="source">Where the values of edges outside of a circuit come from.</param>
    /// <param name="metric">What is measured.</param>
    /// <param name="options">Memory, padding, progress, cancellation.</param>
    /// <exception cref="ArgumentException">The model or the source does not fit; the message says why.</exception>
    public CircuitRunner(HookedTransformer model, Tensor clean, PatchSource source, LogitMetric metric,
        SweepOptions? options = null)
    {
        this.options = options ?? SweepOptions.Default;
        runs = new ComponentRuns(model, clean, source, metric, this.options);
        layout = CircuitGraph.Full(runs.Shape);
        var ends = Run([[], [.. Enumerable.Range(0, layout.Scores.Count)]]);
        (Clean, Corrupted) = (ends[0], ends[1]);
    }

    /// <summary>The metric with every edge.</summary>
    public double Clean { get; }

    /// <summary>The metric without any edge: of the corrupted run, where the source is one.</summary>
    public double Corrupted { get; }

    /// <summary>The sizes of the model.</summary>
    public CircuitShape Shape => runs.Shape;

    internal ComponentRuns Runs => runs;

    /// <inheritdoc/>
    public void Dispose() => runs.Dispose();

    /// <summary>The metric of one circuit.</summary>
    public double Run(CircuitGraph circuit) => Run([circuit])[0];

    /// <summary>The metric of every circuit.</summary>
    /// <param name="circuits">Graphs of this model.</param>
    /// <exception cref="ArgumentException">A graph is another model's.</exception>
    public double[] Run(IReadOnlyList<CircuitGraph> circuits)
    {
        foreach (var circuit in circuits) Check(circuit);
        return Run([.. circuits.Select(Missing)]);
    }

    /// <summary>
    /// (m(circuit) − m(corrupted)) / (m(clean) − m(corrupted)): 1 where the circuit does all that the model does, 0
    /// where it does nothing (Hanna et al. 2024; Mueller et al. 2025).
    /// </summary>
    /// <exception cref="InvalidOperationException">Both runs have the same metric.</exception>
    public double Faithfulness(CircuitGraph circuit) => Normalize(Run(circuit));

    /// <summary>A metric as a share of the difference between the corrupted and the clean run.</summary>
    /// <exception cref="InvalidOperationException">Both runs have the same metric.</exception>
    public double Normalize(double metric) => Math.Abs(Clean - Corrupted) > Rounding * (1 + Math.Abs(Clean))
        ? (metric - Corrupted) / (Clean - Corrupted)
        : throw new InvalidOperationException(
            $"the clean and the corrupted run have {runs.Metric.Name} {Clean} up to rounding, so no " +
            "share of their difference can be told; choose other prompts or another metric");

    /// <summary>The metric without certain edges, for every list of them.</summary>
    /// <param name="missing">Edges in ascending order.</param>
    internal double[] Run(IReadOnlyList<int[]> missing)
    {
        using var noGrad = torch.no_grad();
        var values = new double[missing.Count];
        var order = Enumerable.Range(0, missing.Count).OrderBy(k => FirstReceiver(missing[k])).ToArray();
        var done = 0;
        foreach (var chunk in order.Chunk(CircuitsAtOnce()))
        {
            options.Cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var run = new CircuitRun(runs, layout, [.. chunk.Select(k => missing[k])], options.Cancellation);
            foreach (var (k, value) in chunk.Zip(run.Run())) values[k] = value;
            options.Progress?.Report(new SweepProgress(done += chunk.Length, missing.Count));
        }
        return values;
    }

    internal static int[] Missing(CircuitGraph circuit) =>
        [.. Enumerable.Range(0, circuit.Included.Length).Where(edge => !circuit.Included[edge])];

    private int FirstReceiver(int[] missing) => missing.Length == 0 ? int.MaxValue : layout.ReceiverOf(missing[0]);

    private void Check(CircuitGraph circuit)
    {
        if (circuit.Shape != runs.Shape)
            throw new ArgumentException($"the graph is of a model with {circuit.Shape}; this one has {runs.Shape}");
    }

    /// <summary>How many circuits fit the memory budget; at least one.</summary>
    private int CircuitsAtOnce()
    {
        var c = runs.Model.Config;
        var streams = runs.Shape.SourceCount + 12L * c.NHeads + 12 + (c.AttnOnly ? 0 : 3L * c.DMlp / c.DModel);
        var perCircuit = runs.Batch * (long)runs.Length * (streams * c.DModel + 4L * c.NHeads * runs.Length);
        return (int)Math.Clamp(options.MemoryBudget / (perCircuit * c.Dtype.Size()), 1, 4096);
    }
}
