using Interp.Circuits.Attribution;
using Interp.Circuits.Evaluation;
using Interp.Circuits.Graphs;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Evaluation;

public sealed class FaithfulnessCurveTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_curve_has_the_standard_sizes_and_ends_in_the_whole_model()
    {
        using var c = new CircuitCase("gpt2");
        using var runner = new CircuitRunner(c.Model, c.Clean, c.Source, c.Metric);
        var graph = EdgeAttribution.Run(c.Model, c.Clean, c.Source, c.Metric);
        var curve = FaithfulnessCurve.Measure(runner, graph);
        Assert.Equal([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
            curve.Points.Select(point => point.Size));
        Assert.Equal(curve.Points.Select(p => (int)(p.Size * graph.Scores.Count)), curve.Points.Select(p => p.Chosen));
        Assert.Equal(1, curve.Points[^1].Faithfulness, 4);
        Assert.Equal(0, curve.Points[^1].Completeness!.Value, 4);
        Assert.Equal(graph.Scores.Count, curve.Points[^1].Edges);
        foreach (var point in curve.Points)
        {
            var circuit = graph.TopEdges(point.Chosen).Prune();
            Assert.Equal(circuit.CircuitSize, point.Edges);
            Assert.Equal(runner.Faithfulness(circuit), point.Faithfulness, 4);
            Assert.Equal(runner.Faithfulness(circuit.Complement()), point.Completeness!.Value, 4);
        }
        Assert.Equal(FaithfulnessCurve.Area(curve.Points, f => f), curve.Cpr, 9);
        Assert.True(curve.Cmd > 0);
    }

    [Fact]
    public void Areas_are_those_of_trapezoids()
    {
        CurvePoint[] points = [Point(0.1, 0), Point(0.3, 0.5), Point(1, 1.5)];
        Assert.Equal(0.2 * 0.25 + 0.7 * 1.0, FaithfulnessCurve.Area(points, f => f), 12);
        Assert.Equal(0.2 * 0.75 + 0.7 * 0.5, FaithfulnessCurve.Area(points, f => Math.Abs(1 - f)), 12);
    }

    [Theory]
    [InlineData(CircuitSelection.TopEdges)]
    [InlineData(CircuitSelection.Greedy)]
    [InlineData(CircuitSelection.TopNodes)]
    public void Every_way_of_choosing_is_evaluated(CircuitSelection selection)
    {
        using var c = new CircuitCase("attention only");
        using var runner = new CircuitRunner(c.Model, c.Clean, c.Source, c.Metric);
        var nodes = NodeAttribution.Run(c.Model, c.Clean, c.Source, c.Metric);
        var graph = EdgeAttribution.Run(c.Model, c.Clean, c.Source, c.Metric).WithNodeScores(nodes.NodeScores);
        var curve = FaithfulnessCurve.Measure(runner, graph, new CurveOptions
        {
            Sizes = [0.25, 0.5, 1],
            Selection = selection,
            Absolute = false,
            Completeness = false,
        });
        Assert.Equal(1, curve.Points[^1].Faithfulness, 4);
        Assert.All(curve.Points, point => Assert.Null(point.Completeness));
        var count = curve.Points[1].Chosen;
        var circuit = selection switch
        {
            CircuitSelection.TopEdges => graph.TopEdges(count, absolute: false),
            CircuitSelection.Greedy => graph.GreedyEdges(count, absolute: false),
            _ => graph.TopNodes(count, absolute: false),
        };
        Assert.Equal(runner.Run(circuit.Prune()), curve.Points[1].Metric, 4);
    }

    [Fact]
    public void Sizes_that_do_not_grow_are_an_error()
    {
        using var c = new CircuitCase("attention only");
        using var runner = new CircuitRunner(c.Model, c.Clean, c.Source, c.Metric);
        Assert.Contains("0.5, 0.2", Assert.Throws<ArgumentException>(() => FaithfulnessCurve.Measure(
            runner, CircuitGraph.Of(c.Model), new CurveOptions { Sizes = [0.5, 0.2] })).Message);
    }

    private static CurvePoint Point(double size, double faithfulness) => new(size, 0, 0, 0, faithfulness, null);
}
