using Interp.Circuits.Metrics;
using Interp.Circuits.Patching;
using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Patching;

/// <summary>The oracle of the sweeps: one full run a group of sites, every logit, nothing reused.</summary>
internal static class PlainSweep
{
    internal static double[] Run(HookedTransformer model, Tensor tokens, ActivationCache source, LogitMetric metric,
        IEnumerable<IReadOnlyList<PatchSite>> groups, Tensor? paddingMask = null)
    {
        using var noGrad = torch.no_grad();
        return [.. groups.Select(group =>
        {
            using var scope = torch.NewDisposeScope();
            var hooks = group.Select(site => new Hook(site.Hook, (value, hook) =>
            {
                Part(value, hook, site).copy_(Part(source[hook.Name], hook, site));
                return value;
            })).ToArray();
            var logits = model.RunWithHooks(tokens, hooks, new ForwardOptions { PaddingMask = paddingMask });
            return metric.Of(logits).ToDouble();
        })];
    }

    private static Tensor Part(Tensor value, HookPoint hook, PatchSite site)
    {
        for (var d = 0; d < hook.Dimensions.Count; d++)
        {
            var index = hook.Dimensions[d] switch
            {
                "head" or "kv_head" => site.Head,
                "pos" or "query" => site.Position,
                "key" => site.SourcePosition,
                "d_model" or "d_mlp" or "d_head" => site.Neuron,
                _ => null,
            };
            if (index is { } at) value = value.narrow(d, at < 0 ? at + value.size(d) : at, 1);
        }
        return value;
    }
}
