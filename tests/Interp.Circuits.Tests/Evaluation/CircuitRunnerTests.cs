using Interp.Circuits.Evaluation;
using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Evaluation;

/// <summary>Circuits run together against the same with hooks on inputs split by head, one at a time.</summary>
public sealed class CircuitRunnerTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public static TheoryData<string> Families { get; } =
        ["gpt2", "llama", "grouped", "parallel", "attention only", "bloom", "bidirectional", "mixtral",
            "gemma without post norms"];

    public void Dispose() => scope.Dispose();

    [Theory]
    [MemberData(nameof(Families))]
    public void All_edges_are_the_clean_run_and_none_the_corrupted_one(string name)
    {
        using var c = new CircuitCase(name);
        using var runner = new CircuitRunner(c.Model, c.Clean, c.Source, c.Metric);
        Close(c.CleanMetric, runner.Clean);
        Close(c.CorruptedMetric, runner.Corrupted);
        Assert.NotEqual(runner.Clean, runner.Corrupted, 2);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("grouped")]
    [InlineData("parallel")]
    [InlineData("attention only")]
    [InlineData("gemma without post norms")]
    public void Random_circuits_have_the_metric_that_hooks_give(string name)
    {
        using var c = new CircuitCase(name);
        using var runner = new CircuitRunner(c.Model, c.Clean, c.Source, c.Metric);
        var graph = CircuitGraph.Of(c.Model);
        var random = new Random(1);
        // Whole ranges of receivers stay complete in some, so that the plain layers before and behind are used too.
        CircuitGraph[] circuits =
            [.. new[] { (0, 1.0), (0, 0.5), (40, 0.5), (0, 0.02), (90, 1.0), (60, 0.3) }.Select((k, i) =>
            graph.WithCircuit(graph.Edges.Select(edge => edge.Index < k.Item1 ||
                (i == 1 && edge.Receiver.Node.Layer == 2) || random.NextDouble() > k.Item2)))];
        var values = runner.Run(circuits);
        var (source, ungrouped) = (c.CorruptedOutputs, PlainCircuit.Ungrouped(c.Model));
        for (var k = 0; k < circuits.Length; k++)
        {
            var expected = PlainCircuit.Run(ungrouped, c.Clean, source, circuits[k], c.Metric);
            Assert.True(Math.Abs(expected - values[k]) < 2e-5 * (1 + Math.Abs(expected)),
                $"{k}: {values[k]}, not {expected}");
            Close(values[k], runner.Run(circuits[k]));
        }
        Assert.True(values.Select(value => Math.Round(value, 3)).Distinct().Count() > 4, "the circuits do not differ");
    }

    [Fact]
    public void Memory_for_one_circuit_at_a_time_changes_nothing()
    {
        using var c = new CircuitCase("gpt2");
        var graph = CircuitGraph.Of(c.Model);
        CircuitGraph[] circuits =
            [.. Enumerable.Range(0, 5).Select(k => graph.WithCircuit(graph.Edges.Select(e => e.Index % (k + 2) > 0)))];
        using var together = new CircuitRunner(c.Model, c.Clean, c.Source, c.Metric);
        using var alone =
            new CircuitRunner(c.Model, c.Clean, c.Source, c.Metric, new SweepOptions { MemoryBudget = 1 });
        foreach (var (a, b) in together.Run(circuits).Zip(alone.Run(circuits))) Close(a, b);
    }

    [Fact]
    public void Edges_can_carry_zeros_or_means()
    {
        using var c = new CircuitCase("gpt2");
        var graph = CircuitGraph.Of(c.Model);
        var circuit = graph.WithCircuit(graph.Edges.Select(edge => edge.Index % 3 == 0));
        var reference = SampleModels.Tokens(c.Model, 5, 6, 9);
        var means = PlainCircuit.Outputs(c.Model, c.Model.RunWithCache(reference).Cache).Select(o => o.mean([0], true))
            .ToArray();
        var zeros = means.Select(z => torch.zeros_like(z)).ToArray();
        foreach (var (source, plain) in new[] { (PatchSource.Zero, zeros), (PatchSource.Mean(reference), means) })
        {
            using var runner = new CircuitRunner(c.Model, c.Clean, source, c.Metric);
            Close(PlainCircuit.Run(c.Model, c.Clean, plain, circuit, c.Metric), runner.Run(circuit));
            Close(PlainCircuit.Run(c.Model, c.Clean, plain, graph.WithNone(), c.Metric), runner.Corrupted);
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    public void Padding_on_the_left_changes_nothing(string name)
    {
        using var c = new CircuitCase(name);
        var graph = CircuitGraph.Of(c.Model);
        var circuit = graph.WithCircuit(graph.Edges.Select(edge => edge.Index % 4 != 1));
        using var plain = new CircuitRunner(c.Model, c.Clean, c.Source, c.Metric);
        var zeros = torch.zeros([2, 2], ScalarType.Int64);
        var mask = torch.cat([zeros, torch.ones_like(c.Clean)], 1);
        Tensor Padded(Tensor tokens) => torch.cat([zeros, tokens], 1);
        using var padded =
            new CircuitRunner(c.Model, Padded(c.Clean), PatchSource.Run(Padded(c.Corrupted), mask), c.Metric,
            new SweepOptions { PaddingMask = mask });
        Close(plain.Run(circuit), padded.Run(circuit));
        Close(plain.Corrupted, padded.Corrupted);
    }

    [Fact]
    public void What_cannot_be_a_circuit_is_an_error_that_says_why()
    {
        using var c = new CircuitCase("gpt2");
        string Message(HookedTransformer model, Tensor tokens, PatchSource source) => Assert.Throws<ArgumentException>(
            () => new CircuitRunner(model, tokens, source, c.Metric)).Message;
        using var gemma = SampleModels.Create("gemma");
        Assert.Contains("a norm behind attention and MLP", Message(gemma, c.Clean, c.Source));
        using var shortformer = SampleModels.Create("shortformer");
        Assert.Contains("shortformer", Message(shortformer, c.Clean, c.Source));
        Assert.Contains("[2, 5]", Message(c.Model, c.Clean, PatchSource.Run(c.Clean.narrow(1, 0, 5))));
        using var runner = new CircuitRunner(c.Model, c.Clean, c.Source, c.Metric);
        Assert.Contains("2 layers, 4 heads", Assert.Throws<ArgumentException>(
            () => runner.Run(CircuitGraph.Full(new CircuitShape(2, 4, 24)))).Message);
        using var same = new CircuitRunner(c.Model, c.Clean, PatchSource.Run(c.Clean), c.Metric);
        Assert.Contains("no share",
            Assert.Throws<InvalidOperationException>(() => same.Faithfulness(CircuitGraph.Of(c.Model))).Message);
    }

    private static void Close(double expected, double found) =>
        Assert.True(Math.Abs(expected - found) < 2e-5 * (1 + Math.Abs(expected)), $"{found} instead of {expected}");
}
