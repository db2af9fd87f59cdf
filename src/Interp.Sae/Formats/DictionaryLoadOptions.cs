using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Formats;

/// <summary>What the files of a dictionary may leave open.</summary>
public sealed record DictionaryLoadOptions
{
    /// <summary>The class of a file of dictionary_learning without <c>config.json</c>: <c>AutoEncoderTopK</c> or
    /// <c>BatchTopKSAE</c>.</summary>
    public string? DictClass { get; init; }

    /// <summary>The scale of the activations that a dictionary of SAELens with <c>expected_average_only_in</c> was
    /// trained on, √d_in over their mean norm, where its files do not hold it.</summary>
    public double? Scale { get; init; }

    /// <summary>Where the weights go; <value>the processor</value>.</summary>
    public Device Device { get; init; } = torch.CPU;
}
