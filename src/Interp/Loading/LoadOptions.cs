using Interp.Hub;
using Interp.Processing;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Loading;

/// <summary>How to load a model.</summary>
public sealed record LoadOptions
{
    /// <summary>Where the weights go; <value>cpu</value>.</summary>
    public Device Device { get; init; } = torch.CPU;

    /// <summary>The element type of the weights; <value>Float32</value>, whatever the file holds.</summary>
    public ScalarType Dtype { get; init; } = ScalarType.Float32;

    /// <summary>A configuration file to use in place of the one beside the weights, or null.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>
    /// How to rewrite the weights, in place; <value>null</value>: raw weights, but all valid steps in
    /// <see cref="Models.HookedTransformer.FromPretrained"/>.
    /// </summary>
    public WeightProcessing? Processing { get; init; }

    /// <summary>Where models are looked up by name; null for what the environment says
    /// (<see cref="HubSettings.FromEnvironment()"/>).</summary>
    public HubSettings? Hub { get; init; }

    /// <summary>
    /// Whether the tokenizer beside the model is loaded too; <value>true</value>. Without it the model takes token ids
    /// only, and a tokenizer of a kind that is not supported is no obstacle.
    /// </summary>
    public bool LoadTokenizer { get; init; } = true;
}
