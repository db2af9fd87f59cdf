using System.Text.Json.Serialization;

namespace Interp.Sae.Dictionaries;

/// <summary>What is done to every input of a dictionary, and undone to its reconstruction.</summary>
/// <remarks>
/// Dictionaries that others trained may work on normalized activations. A scale that is the same for all inputs is
/// folded into the weights (<see cref="SparseCoder.FoldScale"/>); these differ from input to input.
/// </remarks>
[JsonConverter(typeof(JsonStringEnumConverter<InputNormalization>))]
public enum InputNormalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>(x − μ) / (σ + 1e-5), with the mean and the unbiased standard deviation of the input's numbers
    /// (OpenAI's sparse_autoencoder; SAELens's layer_norm).</summary>
    LayerNorm,

    /// <summary>x · √d_in / ‖x‖ (SAELens's constant_norm_rescale).</summary>
    ConstantNorm,
}
