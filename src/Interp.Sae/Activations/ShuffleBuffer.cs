using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Activations;

/// <summary>Mixes rows of many sequences, in bounded memory.</summary>
/// <remarks>
/// Problem: rows that come from one run of a model are alike, and a batch of them pulls the dictionary one way. Idea:
/// keep a pool of a fixed size; serve half of it in random order, then fill the places that were served with fresh
/// rows.
/// The memory is rows · (sum of widths) · 4 bytes, 8 more a row for the order, and one run of the source. All that
/// happens next follows from <see cref="State"/> and the generator, so that a stopped training goes on to the same
/// numbers.
/// </remarks>
public sealed class ShuffleBuffer : IDisposable
{
    private readonly IActivationSource source;
    private readonly Generator generator;
    private readonly int batch;
    private readonly Tensor[] pools;
    private readonly Tensor order;
    private readonly Tensor counters;
    private Tensor[]? pending;

    /// <param name="source">Where rows come from.</param>
    /// <param name="rows">The rows that are kept, at least twice the batch.</param>
    /// <param name="batch">Rows a batch.</param>
    /// <param name="generator">On the CPU; draws the order.</param>
    /// <exception cref="ArgumentException">The buffer holds less than two batches.</exception>
    public ShuffleBuffer(IActivationSource source, int rows, int batch, Generator generator)
    {
        if (batch < 1 || rows < 2L * batch)
            throw new ArgumentException($"a shuffle buffer of {rows} rows cannot mix batches of {batch}; it needs at "
                + $"least {2L * batch} rows");
        (this.source, this.generator, this.batch) = (source, generator, batch);
        pools = [.. source.Widths.Select(width =>
            torch.zeros([rows, width], device: source.Device).DetachFromDisposeScope())];
        order = torch.arange(rows).DetachFromDisposeScope();
        counters = torch.zeros([3], ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <summary>The rows that are kept.</summary>
    public int Rows => (int)order.size(0);

    /// <summary>The bytes that the pool takes.</summary>
    public long Bytes => pools.Sum(pool => pool.nbytes) + order.nbytes;

    /// <summary>All that decides what comes next, with the generator; a checkpoint saves and restores these tensors in
    /// place.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State =>
        [.. pools.Select((pool, i) => ($"buffer.{i}", pool)), ("buffer.order", order), ("buffer.counters", counters)];

    // Rows served of this order; the read whose rows come next; rows of it that are in the pool already.
    private long Served { get => Counter(0); set => counters.fill_(value, 0); }

    private long Position { get => Counter(1); set => counters.fill_(value, 1); }

    private long Used { get => Counter(2); set => counters.fill_(value, 2); }

    /// <summary>Fills the pool if it is empty, and gives all of it, for estimates: [rows, width] each, not to be
    /// changed.</summary>
    public IReadOnlyList<Tensor> Peek()
    {
        FillFirst();
        return pools;
    }

    /// <summary>A batch of mixed rows, [batch, width] for each hook; the caller owns it.</summary>
    public Tensor[] Next()
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        FillFirst();
        if (Served + batch > Math.Max(Rows / 2, batch)) Refill();
        var rows = order.narrow(0, Served, batch).to(source.Device);
        Served += batch;
        return Array.ConvertAll(pools, pool => scope.MoveToOuter(pool.index_select(0, rows)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var pool in pools) pool.Dispose();
        order.Dispose();
        counters.Dispose();
        Drop();
    }

    /// <summary>Forgets the run that is in memory, so that it is made anew from the state.</summary>
    internal void Drop()
    {
        foreach (var tensor in pending ?? []) tensor.Dispose();
        pending = null;
    }

    private long Counter(int index)
    {
        using var scope = torch.NewDisposeScope();
        return counters[index].ToInt64();
    }

    private void FillFirst()
    {
        if (Position > 0 || Used > 0) return;
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        Fill(order);
        Shuffle();
    }

    private void Refill()
    {
        Fill(order.narrow(0, 0, Served));
        Shuffle();
    }

    private void Shuffle()
    {
        order.copy_(torch.randperm(Rows, generator: generator));
        Served = 0;
    }

    private void Fill(Tensor places)
    {
        var done = 0L;
        while (done < places.size(0))
        {
            using var scope = torch.NewDisposeScope();
            pending ??= Array.ConvertAll(source.Read(Position), tensor => tensor.DetachFromDisposeScope());
            var count = Math.Min(places.size(0) - done, pending[0].size(0) - Used);
            var where = places.narrow(0, done, count).to(source.Device);
            for (var i = 0; i < pools.Length; i++) pools[i].index_copy_(0, where, pending[i].narrow(0, Used, count));
            done += count;
            Used += count;
            if (Used < pending[0].size(0)) continue;
            Drop();
            Position++;
            Used = 0;
        }
    }
}
