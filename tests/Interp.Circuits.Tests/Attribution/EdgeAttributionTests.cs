using Interp.Circuits.Attribution;
using Interp.Circuits.Graphs;
using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Circuits.Tests.Evaluation;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Attribution;

/// <summary>Scores of edges against gradients at inputs split by head, exact patching and what integrals must add up
/// to.</summary>
public sealed class EdgeAttributionTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("grouped")]
    [InlineData("parallel")]
    [InlineData("attention only")]
    [InlineData("bloom")]
    [InlineData("mixtral")]
    [InlineData("gemma without post norms")]
    public void Eap_is_the_difference_times_the_gradient_at_each_heads_own_input(string name)
    {
        using var c = new CircuitCase(name);
        var found = Run(c, EdgeMethod.Eap);
        var model = PlainCircuit.Ungrouped(c.Model);
        string[] names =
            ["*.hook_q_input", "*.hook_k_input", "*.hook_v_input",
                $"blocks.{model.Config.NLayers - 1}.hook_resid_post"];
        if (!model.Config.AttnOnly) names = [.. names, "*.hook_mlp_in"];
        var (_, gradients) = model.RunWithGradients(c.Clean, c.Metric.Of, names);
        var (clean, corrupted) = (PlainCircuit.Outputs(model, model.RunWithCache(c.Clean).Cache), c.CorruptedOutputs);
        var differences = corrupted.Zip(clean, (a, b) => a - b).ToArray();
        var scale = found.Scores.Max(Math.Abs);
        foreach (var edge in found.Edges)
        {
            var (node, input) = edge.Receiver;
            var gradient = node.Kind switch
            {
                NodeKind.Logits => gradients[$"blocks.{model.Config.NLayers - 1}.hook_resid_post_grad"],
                NodeKind.Mlp => gradients[$"blocks.{node.Layer}.hook_mlp_in_grad"],
                _ => gradients[$"blocks.{node.Layer}.hook_{"qkv"[input - HeadInput.Query]}_input_grad"].select(2,
                    node.Head),
            };
            var expected = (differences[found.Shape.IndexOf(edge.Source)] * gradient).sum().ToDouble();
            Assert.True(Math.Abs(expected - edge.Score) < 1e-5 * scale,
                $"{edge.Name}: {edge.Score} instead of {expected}");
        }
        Assert.True(scale > 0.01, "no edge has a score");
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("grouped")]
    [InlineData("parallel")]
    public void Exact_scores_are_those_of_one_run_an_edge_with_hooks(string name)
    {
        using var c = new CircuitCase(name, layers: 2);
        var found = Run(c, EdgeMethod.Exact);
        var (model, source, clean) = (PlainCircuit.Ungrouped(c.Model), c.CorruptedOutputs, c.CleanMetric);
        foreach (var edge in found.Edges.Where(edge => edge.Index % 3 == 0))
        {
            var without = found.WithCircuit(found.Edges.Select(other => other.Index != edge.Index));
            var expected = PlainCircuit.Run(model, c.Clean, source, without, c.Metric) - clean;
            Assert.True(Math.Abs(expected - edge.Score) < 2e-5, $"{edge.Name}: {edge.Score} instead of {expected}");
        }
        Assert.True(found.Scores.Max(Math.Abs) > 0.01, "no edge has a score");
    }

    [Fact]
    public void Exact_scores_are_those_of_path_patching()
    {
        using var c = new CircuitCase("gpt2");
        var found = Run(c, EdgeMethod.Exact);
        var senders = PathPatching.Heads(c.Model);
        foreach (var (receiver, hook) in new[] { ("m1", "blocks.1.hook_mlp_in"), ("logits", "blocks.2.hook_resid_post"),
            ("a2.h1<k>", "blocks.2.attn.hook_k") })
        {
            var site = new PatchSite(hook) { Head = receiver[0] == 'a' ? 1 : null };
            var paths = PathPatching.Run(c.Model, c.Clean, c.Source, senders, [site], c.Metric);
            for (var k = 0; k < senders.Count; k++)
            {
                if (receiver[0] != 'l' && k / 4 > 1) continue;
                Assert.Equal(paths.Values[k] - paths.Baseline, found[$"a{k / 4}.h{k % 4}->{receiver}"].Score, 4);
            }
        }
    }

    [Theory]
    [InlineData(EdgeMethod.Eap)]
    [InlineData(EdgeMethod.EapIgInputs)]
    [InlineData(EdgeMethod.EapIgActivations)]
    public void On_linear_paths_the_estimate_is_exact(EdgeMethod method)
    {
        using var c = new CircuitCase("attention only");
        // Without norms, what reaches the logits or a value of the last layer acts linearly on a difference of logits.
        var metric = LogitMetric.Difference(2, 5);
        var options = new EdgeAttributionOptions { Method = method };
        var estimate = EdgeAttribution.Run(c.Model, c.Clean, c.Source, metric, options);
        var exact = EdgeAttribution.Run(c.Model, c.Clean, c.Source, metric, options with { Method = EdgeMethod.Exact });
        var scale = exact.Scores.Max(Math.Abs);
        var linear = exact.Edges.Where(edge => edge.Receiver.Node.Kind == NodeKind.Logits ||
            edge.Receiver is { Node.Layer: 2, Input: HeadInput.Value }).ToList();
        // On a path of gradients the pattern of the last layer changes too.
        if (method != EdgeMethod.Eap)
            linear = [.. linear.Where(edge => edge.Receiver.Node.Kind == NodeKind.Logits)];
        Assert.True(linear.Count > 12);
        foreach (var edge in linear)
            Assert.True(Math.Abs(edge.Score - estimate.Scores[edge.Index]) < 1e-5 * scale,
                $"{edge.Name}: {estimate.Scores[edge.Index]} instead of {edge.Score}");
        var curved = exact.Edges.Where(edge => edge.Receiver.Input == HeadInput.Query)
            .Max(e => Math.Abs(e.Score - estimate.Scores[e.Index]));
        Assert.True(curved > 1e-3 * scale, "everything is linear: the test shows nothing");
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("grouped")]
    public void On_inputs_the_scores_of_the_inputs_edges_add_up_to_the_whole_change(string name)
    {
        using var c = new CircuitCase(name);
        double Error(int steps, StepRule rule) => Math.Abs(Run(c, EdgeMethod.EapIgInputs, steps, rule).Edges
            .Where(edge => edge.Source.Kind == NodeKind.Input)
                .Sum(edge => edge.Score) - (c.CorruptedMetric - c.CleanMetric));
        var change = Math.Abs(c.CorruptedMetric - c.CleanMetric);
        Assert.True(change > 0.1);
        Assert.True(Error(100, StepRule.Midpoint) < 0.002 * change, $"{Error(100, StepRule.Midpoint)} of {change}");
        Assert.True(Error(100, StepRule.Midpoint) < Error(100, StepRule.CorruptedEnd));
        Assert.True(Error(1, StepRule.CleanEnd) > 0.01 * change, "one gradient is enough: the test shows nothing");
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("parallel")]
    [InlineData("attention only")]
    public void On_activations_the_scores_of_a_sources_edges_add_up_to_its_whole_effect(string name)
    {
        using var c = new CircuitCase(name);
        var graph = Run(c, EdgeMethod.EapIgActivations, 60);
        using var patching = new ActivationPatching(c.Model, c.Clean, c.Source, c.Metric);
        for (var layer = 0; layer < 3; layer++)
        {
            double Sum(NodeKind kind) =>
                graph.Edges.Where(e => e.Source.Kind == kind && e.Source.Layer == layer).Sum(e => e.Score);
            double Effect(string hook) =>
                patching.Run([new PatchSite($"blocks.{layer}.{hook}")]).Values[0] - patching.Baseline;
            Assert.True(Math.Abs(Effect("hook_attn_out") - Sum(NodeKind.Head)) < 0.005,
                $"{Effect("hook_attn_out")}, {Sum(NodeKind.Head)}");
            if (c.Model.Config.AttnOnly) continue;
            Assert.True(Math.Abs(Effect("hook_mlp_out") - Sum(NodeKind.Mlp)) < 0.005,
                $"{Effect("hook_mlp_out")}, {Sum(NodeKind.Mlp)}");
        }
        Assert.True(Math.Abs(patching.Baseline - patching.SourceMetric!.Value) > 0.1);
    }

    [Fact]
    public void A_metric_without_a_gradient_is_an_error()
    {
        using var c = new CircuitCase("gpt2");
        var metric = LogitMetric.Of(logits => logits.argmax(-1).to(ScalarType.Float32).mean(), "winner");
        Assert.Contains("winner has no gradient", Assert.Throws<ArgumentException>(
            () => EdgeAttribution.Run(c.Model, c.Clean, c.Source, metric)).Message);
        Assert.Contains("0 steps", Assert.Throws<ArgumentException>(
            () => Run(c, EdgeMethod.EapIgInputs, 0)).Message);
    }

    [Fact]
    public void It_works_where_gradients_are_off()
    {
        using var c = new CircuitCase("gpt2");
        var expected = Run(c, EdgeMethod.Eap);
        using var noGrad = torch.no_grad();
        Assert.Equal(expected.Scores, Run(c, EdgeMethod.Eap).Scores);
        Assert.False(torch.is_grad_enabled());
    }

    private static CircuitGraph Run(CircuitCase c, EdgeMethod method, int steps = 5,
        StepRule rule = StepRule.Midpoint) =>
        EdgeAttribution.Run(c.Model, c.Clean, c.Source, c.Metric, new EdgeAttributionOptions
        {
            Method = method,
            Steps = steps,
            Rule = rule,
        });
}
