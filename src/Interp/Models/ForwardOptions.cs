using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>At which positions a run computes logits.</summary>
public enum LogitPositions
{
    /// <summary>Everywhere.</summary>
    All,

    /// <summary>At the last position only: [batch, 1, outputs].</summary>
    Last,

    /// <summary>Nowhere: the run ends with what the unembedding would read, behind the final norm [batch, pos, d_model].</summary>
    None,
}

/// <summary>How to run a model, beyond the tokens.</summary>
public sealed record ForwardOptions
{
    /// <summary>Nothing special.</summary>
    public static ForwardOptions Default { get; } = new();

    /// <summary>
    /// Bool or integer [batch, pos], 0 for padding: padding is seen by nobody, and positions count from the first real
    /// token. With a <see cref="KeyValueCache"/> it covers this run's tokens.
    /// </summary>
    public Tensor? PaddingMask { get; init; }

    /// <summary>Bool, broadcasts to [batch, head, query, key], true where a query may look; on top of the model's own mask.</summary>
    public Tensor? AttentionMask { get; init; }

    /// <summary>The first layer to run; with it the input is the residual stream [batch, pos, d_model]. <value>0</value></summary>
    public int StartAtLayer { get; init; }

    /// <summary>
    /// The layer before which to stop; the result is then the residual stream. Negative ones count from the end; null
    /// runs everything.
    /// </summary>
    public int? StopAtLayer { get; init; }

    /// <summary>Where logits are computed; <value>All</value>.</summary>
    public LogitPositions Logits { get; init; } = LogitPositions.All;

    /// <summary>Keys and values of earlier tokens, to which this run's are added.</summary>
    public KeyValueCache? KeyValueCache { get; init; }
}
