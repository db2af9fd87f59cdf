using Interp.Models;

namespace Interp.Loading;

/// <summary>
/// What stands as <c>config.json</c> beside Neel Nanda's research models (<c>NeelNanda/GELU_1L512W_C4_Code</c> and its
/// kin, with <c>model_final.pth</c>): the record of their training, with the classic names of sizes among the settings of
/// the optimizer, and three names of its own.
/// </summary>
/// <remarks>
/// <para>Read as TransformerLens reads it (<c>convert_neel_model_config</c>): <c>normalization</c> is the classic
/// <c>normalization_type</c>; <c>shortformer_pos</c> chooses between shortformer and learned positions; whatever else
/// stands there is of the training. <c>ln_eps</c>, which TransformerLens leaves at its own 1e-5, is read.</para>
/// <para>The names follow from the published training script and from TransformerLens's loader; the twelve files
/// themselves were not at hand. What they may hold beyond that is not known, so settings that neither of the two reads are
/// passed over here, and only here; every weight is still checked by name and shape. The weights may be stored in
/// bfloat16.</para>
/// </remarks>
internal static class TrainingRecord
{
    /// <summary>Whether a classic configuration is such a record.</summary>
    internal static bool Is(ConfigReader c) => c.Has("normalization") || c.Has("shortformer_pos");

    /// <summary>The settings that a record spells in its own way, and those that it leaves unsaid.</summary>
    internal static HookedTransformerConfig Complete(ConfigReader c, HookedTransformerConfig common)
    {
        // The script could scale the activations; TransformerLens's forward pass does not.
        c.Expect("neuron_scale", 1.0);
        c.Expect("neuron_temp", 1.0);
        var config = common with
        {
            NormalizationType = ClassicConfig.Normalization(c, c.Has("normalization") ? "normalization" : "normalization_type"),
            PositionalEmbeddingType = c.Bool("shortformer_pos", false)
                ? PositionalEmbeddingType.Shortformer
                : common.PositionalEmbeddingType,
            Eps = c.Double("ln_eps", common.Eps),
            // Trained on texts that begin with BOS.
            DefaultPrependBos = true,
        };
        c.SkipRest();
        return config;
    }
}
