using Interp.Hooks;
using Interp.Interventions;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>How to continue a text.</summary>
public sealed record GenerateOptions
{
    /// <summary>The most tokens to add; <value>10</value>.</summary>
    public int MaxNewTokens { get; init; } = 10;

    /// <summary>0 takes the most probable token; else logits are divided by it before drawing. <value>0</value></summary>
    public double Temperature { get; init; }

    /// <summary>Draws from the k most probable tokens only; all where null.</summary>
    public int? TopK { get; init; }

    /// <summary>Draws from the fewest tokens that together have this probability; all where null.</summary>
    public double? TopP { get; init; }

    /// <summary>The random numbers; needed when <see cref="Temperature"/> is not 0.</summary>
    public Generator? Generator { get; init; }

    /// <summary>Ends when this token comes; the model's own end token where null, never where the model has none.</summary>
    public int? EosTokenId { get; init; }

    /// <summary>Whether the end token ends a text; <value>true</value>.</summary>
    public bool StopAtEos { get; init; } = true;

    /// <summary>Keeps keys and values of earlier tokens; <value>true</value>. Without, and in a model that is not
    /// causal, every token costs a full run.</summary>
    public bool UseKeyValueCache { get; init; } = true;

    /// <summary>[batch, pos], 0 for padding, which must stand on the left.</summary>
    public Tensor? PaddingMask { get; init; }

    /// <summary>
    /// Functions at hook points, in every step; none by default. With a key–value cache a step sees the new tokens only.
    /// </summary>
    public IReadOnlyCollection<Hook> Hooks { get; init; } = [];

    /// <summary>What to change in the run; none by default. Positions and steps in their scopes are those of the whole text.</summary>
    public IReadOnlyCollection<Intervention> Interventions { get; init; } = [];
}
