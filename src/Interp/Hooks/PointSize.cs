using Interp.Models;

namespace Interp.Hooks;

/// <summary>How large the dimensions of hook points are.</summary>
internal static class PointSize
{
    /// <summary>A dimension that the architecture alone determines; null for those of the input.</summary>
    internal static long? Fixed(string dimension, HookedTransformerConfig config) => dimension switch
    {
        "1" => 1,
        "d_model" => config.DModel,
        "head" => config.NHeads,
        "kv_head" => config.KeyValueHeads,
        "d_head" => config.DHead,
        "d_mlp" => config.DMlp,
        "d_vocab_out" => config.OutputSize,
        "expert" => config.NumExperts,
        "k" => config.ExpertsPerToken,
        _ => null,
    };

    /// <summary>
    /// The elements at a point for a batch of texts. How many tokens an expert gets depends on the text: the mean is
    /// taken, which is exact for all experts together.
    /// </summary>
    internal static double Elements(HookPoint point, HookedTransformerConfig config, long batch, long pos) =>
        point.Dimensions.Aggregate(1.0, (product, dimension) => product * (Fixed(dimension, config) ?? dimension switch
        {
            "batch" => (double)batch,
            "pos" or "query" or "key" => pos,
            "token" => batch * pos,
            "expert_token" => (double)batch * pos * config.ExpertsPerToken!.Value / config.NumExperts!.Value,
            _ => throw new InvalidOperationException($"'{point}' has a dimension of unknown size, '{dimension}'"),
        }));
}
