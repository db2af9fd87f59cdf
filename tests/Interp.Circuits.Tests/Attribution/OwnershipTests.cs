using Interp.Circuits.Attribution;
using Interp.Circuits.Evaluation;
using Interp.Circuits.Graphs;
using Interp.Circuits.Tests.Evaluation;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Attribution;

/// <summary>Scores and circuits are numbers: no tensor stays behind in the caller's scope.</summary>
public sealed class OwnershipTests
{
    [Fact]
    public void Scores_and_circuits_leave_no_tensor_in_the_callers_scope()
    {
        using var scope = torch.NewDisposeScope();
        using var c = new CircuitCase("gpt2", layers: 2);
        var before = scope.DisposablesCount;
        foreach (var method in Enum.GetValues<EdgeMethod>())
            EdgeAttribution.Run(c.Model, c.Clean, c.Source, c.Metric, new EdgeAttributionOptions { Method = method });
        var nodes = NodeAttribution.Run(c.Model, c.Clean, c.Source, c.Metric);
        Acdc.Run(c.Model, c.Clean, c.Source);
        using (var runner = new CircuitRunner(c.Model, c.Clean, c.Source, c.Metric)) runner.Run(nodes.TopNodes(3));
        Assert.Equal(before, scope.DisposablesCount);
    }
}
