using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Components;

/// <summary>
/// Where the tokens of a run stand: in a row from an offset, or, with padding on the left, counted from the first real
/// token of every sequence.
/// </summary>
internal sealed class Positions : IDisposable
{
    private readonly long offset;
    private readonly long count;
    private readonly Tensor? ids;

    private Positions(long offset, long count, Tensor? ids)
    {
        this.offset = offset;
        this.count = count;
        this.ids = ids;
    }

    /// <param name="offset">Tokens before this run, in a key–value cache.</param>
    /// <param name="count">Tokens of this run.</param>
    /// <param name="mask">Bool [batch, offset + count], true for real tokens; null where all are.</param>
    internal static Positions Create(long offset, long count, Tensor? mask)
    {
        if (mask is null) return new Positions(offset, count, null);
        using var scope = torch.NewDisposeScope();
        // A padding token before the first real one gets position 0; nothing real sees it.
        var positions = (mask.to(ScalarType.Int64).cumsum(1) - 1).clamp_min(0);
        return new Positions(offset, count, positions.narrow(1, offset, count).contiguous().DetachFromDisposeScope());
    }

    /// <summary>Tokens at any places: the position of every row.</summary>
    /// <param name="ids">Integers [batch, pos]; owned by the caller.</param>
    /// <param name="end">One more than the largest.</param>
    internal static Positions At(Tensor ids, long end) => new(0, end, ids.alias().DetachFromDisposeScope());

    /// <summary>The positions [batch, pos] of all tokens.</summary>
    internal Tensor Ids(long batch, Device device) =>
        ids?.alias() ?? torch.arange(offset, offset + count, 1, ScalarType.Int64, device).unsqueeze(0).expand(batch, count);

    /// <summary>One more than the last position can be.</summary>
    internal long End => offset + count;

    /// <summary>The rows [1 or batch, pos, width] of a table [n_ctx, width].</summary>
    internal Tensor Rows(Tensor table) =>
        ids is null ? table.narrow(0, offset, count).unsqueeze(0) : torch.nn.functional.embedding(ids, table);

    /// <inheritdoc/>
    public void Dispose() => ids?.Dispose();
}
