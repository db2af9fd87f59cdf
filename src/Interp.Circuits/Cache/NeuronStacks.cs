using Interp.Hooks;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>
/// What every neuron of the MLPs wrote to the residual stream: its activation times its row of W_out.
/// </summary>
/// <remarks>
/// All neurons of all positions are d_mlp times as much as the MLP's output: take a position, some neurons, or
/// directions to project on. Mixtures of experts have no neurons that every token goes through.
/// </remarks>
public static class NeuronStacks
{
    /// <summary>The results of a layer's neurons [batch, pos, neuron, d_model].</summary>
    /// <param name="cache">Holds <c>post</c> of the layer.</param>
    /// <param name="layer">The layer; negative ones count from the last.</param>
    /// <param name="neurons">Which neurons.</param>
    /// <param name="pos">Which positions.</param>
    public static Tensor GetNeuronResults(this ActivationCache cache, int layer, Slice neurons = default,
        Slice pos = default)
    {
        var model = CacheModel.Of(cache);
        if (layer < 0) layer += model.Config.NLayers;
        Require(model);
        using var scope = torch.NewDisposeScope();
        var activations = Activations(cache, layer, neurons, pos); // [batch, pos, neuron]
        var rows = KeepDimension(neurons).Apply(model.W_out(layer), 0); // [neuron, d_model]
        return scope.MoveToOuter(activations.unsqueeze(-1) * rows);
    }

    /// <summary>The results of neurons of the layers before one.</summary>
    /// <param name="cache">Holds <c>post</c> of these layers.</param>
    /// <param name="layer">The layers before this one; null for all.</param>
    /// <param name="pos">Which positions.</param>
    /// <param name="neurons">Which neurons of every layer.</param>
    /// <param name="inclRemainder">
    /// One more component: the rest of the residual stream, so that all add up to it.
    /// </param>
    /// <param name="applyLn">As the layer, or the unembedding, reads them behind its norm.</param>
    /// <param name="projectOnto">[d_model] or [d_model, k]: only what the results have along these directions.</param>
    /// <param name="applyWeight">With <paramref name="applyLn"/>: also the norm's weight.</param>
    /// <returns>
    /// [component, batch, pos, d_model], labelled <c>L0N0</c>, …, <c>remainder</c>; as for heads with directions.
    /// </returns>
    public static LabelledStack StackNeuronResults(this ActivationCache cache, int? layer = null, Slice pos = default,
        Slice neurons = default, bool inclRemainder = false, bool applyLn = false, Tensor? projectOnto = null,
        bool applyWeight = true)
    {
        var model = CacheModel.Of(cache);
        Require(model);
        var target = CacheModel.InputLayer(model.Config, layer, mlpInput: false);
        if (target == 0 && !inclRemainder)
            throw new ArgumentException("there are no neurons before layer 0: the stack would be empty");
        using var scope = torch.NewDisposeScope();
        var reader = new StreamReader(cache, target, false, pos, applyLn, applyWeight, projectOnto);
        var like = target == 0 ? cache["resid_pre", 0] : cache["post", 0];
        var perLayer = neurons.Positions(model.Config.DMlp).Count;
        var count = (long)target * perLayer + (inclRemainder ? 1 : 0);
        var builder = new StackBuilder(count, reader.Leading(like), reader.Width, like, reader.Records(like));
        for (var l = 0; l < target; l++) AddLayer(builder, cache, l, pos, neurons, reader);
        if (inclRemainder) builder.Add("remainder", HeadStacks.Remainder(cache, target, pos, reader, builder));
        var stack = reader.Finish(builder);
        return stack with { Values = scope.MoveToOuter(stack.Values) };
    }

    /// <summary>Adds the results of a layer's neurons where the stack lies.</summary>
    internal static void AddLayer(StackBuilder builder, ActivationCache cache, int layer, Slice pos, Slice neurons,
        StreamReader reader)
    {
        using var scope = torch.NewDisposeScope();
        var model = CacheModel.Of(cache);
        var chosen = neurons.Positions(model.Config.DMlp);
        // [neuron, width]
        var (rows, then) = reader.Write(layer, mlp: true, KeepDimension(neurons).Apply(model.W_out(layer), 0));
        var activations = Activations(cache, layer, neurons, pos).movedim(-1, 0); // [neuron, batch, pos]
        builder.AddOuter(chosen.Select(n => $"L{layer}N{n}"), activations, rows.contiguous(), then);
    }

    internal static void Require(HookedTransformer model)
    {
        if (model.Config.AttnOnly) throw new ArgumentException($"{model.Config.ModelName} has no MLPs, so no neurons");
        if (model.Config.NumExperts is not null)
            throw new ArgumentException(
                $"{model.Config.ModelName} has experts: every token goes through other neurons; decompose into MLP " +
                "outputs instead");
    }

    private static Tensor Activations(ActivationCache cache, int layer, Slice neurons, Slice pos) =>
        KeepDimension(neurons).Apply(pos.Apply(cache["post", layer], -2), -1);

    /// <summary>One neuron is still a dimension of neurons here: components stand in it.</summary>
    private static Slice KeepDimension(Slice neurons) => neurons.DropsDimension ? neurons.AsList() : neurons;
}
