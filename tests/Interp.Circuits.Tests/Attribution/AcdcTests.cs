using Interp.Circuits.Attribution;
using Interp.Circuits.Evaluation;
using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Circuits.Tests.Evaluation;
using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Attribution;

/// <summary>The search on a model whose circuit is known, and against the search as the paper states it.</summary>
public sealed class AcdcTests : IDisposable
{
    private static readonly string[] Known = ["input->a0.h1<v>", "a0.h1->a1.h2<v>", "a1.h2->logits"];

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(200)]
    public void It_finds_the_circuit_that_a_model_was_built_with(int guesses)
    {
        using var model = Built();
        var (clean, corrupted) = (SampleModels.Tokens(model, 3, 5, 3), SampleModels.Tokens(model, 3, 5, 4));
        var source = Interp.Circuits.Patching.PatchSource.Run(corrupted);
        var circuit = Acdc.Run(model, clean, source, new AcdcOptions { Threshold = 1e-4, Guesses = guesses });
        Assert.Equal(Known.Order(), circuit.Circuit.Select(edge => edge.Name).Order());
        Assert.All(circuit.Circuit, edge => Assert.True(edge.Score >= 1e-4, $"{edge.Name}: {edge.Score}"));
        using var runner = new CircuitRunner(model, clean, source, LogitMetric.Difference(1, 2));
        Assert.Equal(1, runner.Faithfulness(circuit), 4);
        // Attribution finds the same: nothing else has a score.
        var graph = EdgeAttribution.Run(model, clean, source, LogitMetric.Difference(1, 2));
        Assert.Equal(Known.Order(), graph.TopEdges(3).Circuit.Select(edge => edge.Name).Order());
    }

    [Theory]
    [InlineData(AcdcChange.Either, 0.05)]
    [InlineData(AcdcChange.Increase, 0.02)]
    [InlineData(AcdcChange.Decrease, 0.02)]
    public void It_keeps_the_edges_that_one_run_an_edge_keeps(AcdcChange change, double threshold)
    {
        using var c = new CircuitCase("gpt2", layers: 2);
        var found = Acdc.Run(c.Model, c.Clean, c.Source, new AcdcOptions
        {
            Metric = c.Metric,
            Change = change,
            Threshold = threshold,
        });
        Assert.Equal(OneByOne(c, change, threshold).Order(), found.Circuit.Select(edge => edge.Name).Order());
        Assert.InRange(found.CircuitSize, 5, found.Scores.Count - 5);
    }

    [Fact]
    public void A_threshold_that_keeps_everything_or_no_guess_is_an_error()
    {
        using var c = new CircuitCase("attention only");
        string Message(AcdcOptions options) =>
            Assert.Throws<ArgumentException>(() => Acdc.Run(c.Model, c.Clean, c.Source, options)).Message;
        Assert.Contains("threshold of 0", Message(new AcdcOptions { Threshold = 0 }));
        Assert.Contains("0 guesses", Message(new AcdcOptions { Guesses = 0 }));
    }

    private static IEnumerable<string> OneByOne(CircuitCase c, AcdcChange change, double threshold)
    {
        using var runner = new CircuitRunner(c.Model, c.Clean, c.Source, c.Metric);
        var circuit = CircuitGraph.Of(c.Model);
        var current = runner.Clean;
        foreach (var edge in circuit.Edges.Reverse().ToList())
        {
            var without =
                circuit.WithCircuit(circuit.Edges.Select(other => other.InCircuit && other.Index != edge.Index));
            var isRead = edge.Receiver.Node.Kind == NodeKind.Logits ||
                circuit.Circuit.Any(e => e.Source == edge.Receiver.Node);
            var moved = isRead ? runner.Run(without) - current : 0;
            var size = change switch
            {
                AcdcChange.Increase => moved,
                AcdcChange.Decrease => -moved,
                _ => Math.Abs(moved),
            };
            if (size >= threshold) continue;
            circuit = without;
            current += moved;
        }
        return circuit.Prune().Circuit.Select(edge => edge.Name);
    }

    /// <summary>
    /// Tokens lie in dimensions 0 to 7. Head 0.1 copies them to 8 to 15, head 1.2 from there to 16 to 23, and logits
    /// read only those. All attention is uniform; the other heads copy tokens to where nobody looks.
    /// </summary>
    private static HookedTransformer Built()
    {
        const int part = 8;
        using var generator = new Generator(6);
        var config = SampleModels.Configs["attention only"] with { DModel = 4 * part, DHead = part };
        var model = ModelInitializer.Create(config, generator);
        var weights = model.Weights;
        weights.Embed.narrow(1, part, 3 * part).zero_();
        weights.PosEmbed!.zero_();
        weights.Unembed.Weight.narrow(0, 0, 2 * part).zero_();
        weights.Unembed.Weight.narrow(0, 3 * part, part).zero_();
        for (var layer = 0; layer < 2; layer++)
        {
            model.W_Q(layer).zero_();
            model.W_K(layer).zero_();
            for (var head = 0; head < 4; head++)
            {
                var (from, to) = (layer, head) switch
                {
                    (0, 1) => (0, 1),
                    (1, 2) => (1, 2),
                    _ => (0, 3),
                };
                Block(model.W_V(layer).select(0, head), 0, from, generator);
                Block(model.W_O(layer).select(0, head), 1, to, generator);
            }
        }
        return model;
    }

    /// <summary>Random numbers in one part of a dimension, zeros elsewhere.</summary>
    private static void Block(Tensor matrix, int dim, int part, Generator generator)
    {
        matrix.zero_();
        var block = matrix.narrow(dim, part * 8, 8);
        block.copy_(torch.randn(block.shape, generator: generator) * 0.5);
    }
}
