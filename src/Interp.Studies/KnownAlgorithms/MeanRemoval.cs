using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.KnownAlgorithms;

/// <summary>
/// Runs a model with heads and neurons replaced by their means, position by position, over other examples (mean
/// ablation, Wang et al. 2022): what is put there is typical, but says nothing of the example.
/// </summary>
internal sealed class MeanRemoval : IDisposable
{
    private readonly HookedTransformer model;
    private readonly Dictionary<string, Tensor> means = [];

    /// <param name="model">The model.</param>
    /// <param name="reference">What means are taken over.</param>
    internal MeanRemoval(HookedTransformer model, AlgorithmExamples reference)
    {
        this.model = model;
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        string[] names = model.Config.AttnOnly ? ["blocks.*.attn.hook_z"]
            : ["blocks.*.attn.hook_z", "blocks.*.mlp.hook_post"];
        var cache = model.CacheOnly(reference.Tokens(model.Device), names);
        foreach (var (name, value) in cache) means[name] = value.mean([0], true).DetachFromDisposeScope();
    }

    /// <summary>Every head and neuron of the model.</summary>
    internal static Component[] All(HookedTransformer model) =>
    [
        .. from layer in Enumerable.Range(0, model.Config.NLayers)
           from head in Enumerable.Range(0, model.Config.NHeads)
           select new Component(layer, head),
        .. from layer in Enumerable.Range(0, model.Config.AttnOnly ? 0 : model.Config.NLayers)
           from neuron in Enumerable.Range(0, model.Config.DMlp)
           select new Component(layer, neuron, IsNeuron: true),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mean in means.Values) mean.Dispose();
    }

    /// <summary>The model without some components.</summary>
    internal Outcome Without(AlgorithmExamples examples, IEnumerable<Component> removed)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var hooks = removed.GroupBy(component => (component.Layer, component.IsNeuron))
            .Select(group => Replace(group.Key.Layer, group.Key.IsNeuron,
                [.. group.Select(component => component.Index)])).ToArray();
        return examples.Judge(model.RunWithHooks(examples.Tokens(model.Device), hooks));
    }

    /// <summary>The model with nothing but some components.</summary>
    internal Outcome Only(AlgorithmExamples examples, IEnumerable<Component> kept) =>
        Without(examples, All(model).Except(kept));

    private Hook Replace(int layer, bool neurons, int[] indices)
    {
        var name = $"blocks.{layer}.{(neurons ? "mlp.hook_post" : "attn.hook_z")}";
        var chosen = new bool[neurons ? model.Config.DMlp : model.Config.NHeads];
        foreach (var index in indices) chosen[index] = true;
        // [1, 1, neuron] or [1, 1, head, 1]
        var mask = torch.tensor(chosen, neurons ? [1, 1, chosen.Length]
            : [1, 1, chosen.Length, 1], device: model.Device);
        return new Hook(name, (value, _) => torch.where(mask, means[name], value));
    }
}
