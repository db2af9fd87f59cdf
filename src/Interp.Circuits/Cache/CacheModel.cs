using Interp.Hooks;
using Interp.Models;

namespace Interp.Circuits.Cache;

/// <summary>What the decompositions of a cache ask before they start.</summary>
internal static class CacheModel
{
    /// <summary>The model that a cache is of.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    internal static HookedTransformer Of(ActivationCache cache) => cache.Model ?? throw new InvalidOperationException(
        "the cache knows no model, whose weights this needs: give the model to ActivationCache.Load, or use a " +
        "HookedTransformer's cache");

    /// <summary>
    /// The layer whose input is meant; as in the classic model, null, −1 and the number of layers all mean what the
    /// unembedding reads.
    /// </summary>
    internal static int InputLayer(HookedTransformerConfig config, int? layer, bool mlpInput)
    {
        var layers = config.NLayers;
        var found = layer is null or -1 ? layers : layer.Value;
        if (found < 0 || found > layers)
            throw new ArgumentOutOfRangeException(nameof(layer), layer,
                $"the model has layers 0 to {layers - 1}; {layers}, -1 or null mean the input of the unembedding");
        if (mlpInput && (found == layers || config.AttnOnly))
            throw new ArgumentException(found == layers
                ? "mlpInput needs a layer: the unembedding has no MLP"
                : $"mlpInput makes no sense: {config.ModelName} has no MLPs", nameof(mlpInput));
        return found;
    }

    /// <summary>Whether the MLP of a layer reads what the attention of the same layer has written.</summary>
    internal static bool MlpReadsAttention(HookedTransformerConfig config) => !config.ParallelAttnMlp;
}
