using Interp.Circuits.Metrics;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Patching.Engine;

/// <summary>
/// Sites at hooks that the row engine does not know (neurons, norms, inputs split by head): runs with hooks, those of
/// one hook as one batch that starts at the hook's layer.
/// </summary>
internal sealed class HookSweep(HookedTransformer model, Tensor tokens, LogitMetric metric, SweepEngine engine,
    SweepOptions options)
{
    /// <summary>The metric of sites that patch one point each, all of the same hook.</summary>
    internal double[] Run(IReadOnlyList<SiteCheck> sites, Tensor values)
    {
        var results = new List<double>();
        var point = sites[0].Point;
        var perSite = 40L * engine.Batch * engine.Length * Math.Max(model.Config.DModel, model.Config.DMlp) +
            4L * engine.Batch * engine.Length * model.Config.OutputSize;
        foreach (var chunk in sites.Chunk((int)Math.Clamp(options.MemoryBudget / perSite, 1, 4096)))
        {
            options.Cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var start = Math.Clamp(point.Layer, 0, model.Config.NLayers);
            var input = start == 0 ? tokens.repeat(chunk.Length, 1) : engine.Stream(start).repeat(chunk.Length, 1, 1);
            var forward =
                new ForwardOptions { StartAtLayer = start, PaddingMask = options.PaddingMask?.repeat(chunk.Length, 1) };
            var logits = model.RunWithHooks(input, [(point.Name, (value, _) => Put(value, chunk, values))], forward);
            foreach (var site in logits.chunk(chunk.Length, 0)) results.Add(Evaluate(site));
        }
        return [.. results];
    }

    /// <summary>The metric of one run with several sites patched.</summary>
    internal double RunTogether(IReadOnlyList<SiteCheck> sites, Func<string, Tensor> values)
    {
        options.Cancellation.ThrowIfCancellationRequested();
        using var scope = torch.NewDisposeScope();
        var hooks =
            sites.Select(site => new Hook(site.Point.Name, (value, _) => Put(value, [site], values(site.Point.Name))))
                .ToArray();
        return Evaluate(model.RunWithHooks(tokens, hooks, new ForwardOptions { PaddingMask = options.PaddingMask }));
    }

    private double Evaluate(Tensor logits)
    {
        using var value = metric.Of(logits);
        return value.ToDouble();
    }

    private Tensor Put(Tensor value, SiteCheck[] sites, Tensor source)
    {
        for (var k = 0; k < sites.Length; k++)
        {
            using var scope = torch.NewDisposeScope();
            Part(value.narrow(0, (long)k * engine.Batch, engine.Batch), sites[k]).copy_(Part(source, sites[k]));
        }
        return value;
    }

    /// <summary>The view of a value that a site means.</summary>
    private static Tensor Part(Tensor value, SiteCheck site)
    {
        var dimensions = site.Point.Dimensions;
        for (var d = 1; d < dimensions.Count; d++)
        {
            var index = dimensions[d] switch
            {
                "head" or "kv_head" => site.Head,
                "pos" or "query" => site.Positions.Length == 1 ? site.Positions[0] : -1,
                "key" => site.Key,
                _ => -1,
            };
            if (index >= 0) value = value.narrow(d, index, 1);
        }
        return site.Neuron < 0 ? value : value.narrow(-1, site.Neuron, 1);
    }
}
