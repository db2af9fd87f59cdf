using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models;

/// <summary>
/// The keys and values of the tokens read so far, so that the next token costs one token's work. Memory for the whole
/// length is taken once; keys are stored already rotated.
/// </summary>
/// <remarks>
/// <code>
/// using var past = new KeyValueCache(model, batch: 1, capacity: 64);
/// var logits = model.Forward(prompt, new() { KeyValueCache = past });
/// var next = model.Forward(oneMoreToken, new() { KeyValueCache = past });
/// </code>
/// </remarks>
public sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] keys;
    private readonly Tensor[] values;
    private Tensor? mask;

    /// <param name="model">Whose keys and values.</param>
    /// <param name="batch">Sequences side by side.</param>
    /// <param name="capacity">The most tokens a sequence can have; the model's context where null.</param>
    public KeyValueCache(HookedTransformer model, long batch, long? capacity = null)
    {
        Batch = batch;
        Capacity = capacity ?? model.Config.NCtx;
        long[] shape = [batch, Capacity, model.Config.KeyValueHeads, model.Config.DHead];
        Tensor[] Allocate() =>
            [.. Enumerable.Range(0, model.Config.NLayers).Select(_ => torch.zeros(shape, model.Config.Dtype, model.Device).DetachFromDisposeScope())];
        keys = Allocate();
        values = Allocate();
    }

    /// <summary>Sequences side by side.</summary>
    public long Batch { get; }

    /// <summary>The most tokens a sequence can have.</summary>
    public long Capacity { get; }

    /// <summary>Tokens read so far.</summary>
    public long Length { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in keys.Concat(values)) tensor.Dispose();
        mask?.Dispose();
    }

    /// <summary>Writes the new keys and values behind the old ones; views of all of them.</summary>
    internal (Tensor Keys, Tensor Values) Append(int layer, Tensor k, Tensor v)
    {
        var count = k.size(1);
        return (Write(keys[layer], k, count), Write(values[layer], v, count));
    }

    /// <summary>The mask of everything read with this run's [batch, pos] behind it, or null where nothing is padded.</summary>
    internal Tensor? AppendMask(Tensor? added, long count)
    {
        if (mask is null && added is null) return null;
        using var scope = torch.NewDisposeScope();
        var before = mask ?? torch.ones([Batch, Length], ScalarType.Bool, added!.device);
        var now = torch.cat([before, added ?? torch.ones([Batch, count], ScalarType.Bool, before.device)], 1);
        mask?.Dispose();
        mask = now.DetachFromDisposeScope();
        return mask;
    }

    internal void Advance(long count) => Length += count;

    private Tensor Write(Tensor store, Tensor added, long count)
    {
        using (var place = store.narrow(1, Length, count)) place.copy_(added);
        return store.narrow(1, 0, Length + count);
    }
}
