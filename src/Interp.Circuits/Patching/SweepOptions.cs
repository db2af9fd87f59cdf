using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Patching;

/// <summary>How to run a sweep; the numbers do not depend on it.</summary>
public sealed record SweepOptions
{
    /// <summary>The defaults.</summary>
    public static SweepOptions Default { get; } = new();

    /// <summary>Memory that the sites computed together may take, in bytes; <value>512 MiB</value>.</summary>
    public long MemoryBudget { get; init; } = 512L << 20;

    /// <summary>Integers or bools [batch, pos], 0 for padding, of the run that is patched; null where nothing is
    /// padded.</summary>
    public Tensor? PaddingMask { get; init; }

    /// <summary>Told after every batch of sites how many are done.</summary>
    public IProgress<SweepProgress>? Progress { get; init; }

    /// <summary>Stops between two layers.</summary>
    public CancellationToken Cancellation { get; init; }
}
