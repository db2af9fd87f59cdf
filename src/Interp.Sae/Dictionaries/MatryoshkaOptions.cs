using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Dictionaries;

/// <summary>Options of a <see cref="MatryoshkaSae"/>.</summary>
public sealed record MatryoshkaOptions : BatchTopKOptions
{
    /// <summary>The sizes of the nested dictionaries, rising; d_sae itself is always the last and need not be
    /// named.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(Widths.Count > 0, "Widths is empty; name at least one inner size");
        for (var i = 0; i < Widths.Count; i++)
            Require(Widths[i] > (i == 0 ? 0 : Widths[i - 1]) && Widths[i] <= DSae,
                $"Widths {string.Join(", ", Widths)} must rise and stay within d_sae {DSae}");
    }

    private protected override SparseCoder Make(Generator generator) => new MatryoshkaSae(this, generator);
}
