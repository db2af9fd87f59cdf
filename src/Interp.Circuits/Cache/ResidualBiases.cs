using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Cache;

/// <summary>What a model writes to the residual stream whatever it reads.</summary>
public static class ResidualBiases
{
    /// <summary>The sum of the output biases of attention and MLPs before a layer [d_model].</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">The layers before this one; the number of layers for all.</param>
    /// <param name="mlpInput">With the bias of the layer's own attention, where its MLP reads that.</param>
    /// <param name="includeMlpBiases">MLPs too; <value>true</value>.</param>
    /// <exception cref="InvalidOperationException">
    /// Norms stand behind attention and MLP, so that biases depend on the text.
    /// </exception>
    public static Tensor AccumulatedBias(this HookedTransformer model, int layer, bool mlpInput = false,
        bool includeMlpBiases = true)
    {
        var target = CacheModel.InputLayer(model.Config, layer, mlpInput);
        if (model.Config.UseNormalizationBeforeAndAfter)
            throw new InvalidOperationException(
                $"in {model.Config.ModelName} biases go through a norm before they are written, so their sum depends " +
                "on the text; " +
                "GetFullResidDecomposition of a cache has it as 'bias'");
        var attention = target + (mlpInput && CacheModel.MlpReadsAttention(model.Config) ? 1 : 0);
        return model.SumOfBiases(attention, includeMlpBiases ? target : 0);
    }

    /// <summary>The names of all heads, <c>L0H0</c>, <c>L0H1</c> …</summary>
    public static IReadOnlyList<string> AllHeadLabels(this HookedTransformer model) =>
        [.. Enumerable.Range(0, model.Config.NLayers).SelectMany(layer =>
            Enumerable.Range(0, model.Config.NHeads).Select(head => $"L{layer}H{head}"))];

    internal static Tensor SumOfBiases(this HookedTransformer model, int attention, int mlps)
    {
        using var scope = torch.NewDisposeScope();
        var sum = torch.zeros([model.Config.DModel], model.Config.Dtype, model.Device);
        for (var l = 0; l < attention; l++) sum = sum + model.b_O(l);
        for (var l = 0; l < mlps && !model.Config.AttnOnly; l++)
            if (model.Config.NumExperts is null) sum = sum + model.b_out(l);
        return scope.MoveToOuter(sum);
    }
}
