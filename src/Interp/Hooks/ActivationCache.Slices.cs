using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Hooks;

// Parts of the batch, and other devices.
public sealed partial class ActivationCache
{
    /// <summary>Takes the batch dimension off every activation, in place; for a run of one sequence.</summary>
    /// <exception cref="InvalidOperationException">There is more than one sequence.</exception>
    public ActivationCache RemoveBatchDim()
    {
        if (!HasBatchDim) return this;
        foreach (var name in values.Keys.Where(StartsWithBatch))
            if (values[name].size(0) != 1)
                throw new InvalidOperationException(
                    $"cannot remove the batch dimension: '{name}' is [{string.Join(", ", values[name].shape)}]; " +
                    "take one sequence with ApplySliceToBatchDim first");
        foreach (var name in values.Keys.Where(StartsWithBatch).ToList()) Replace(name, values[name].squeeze(0));
        HasBatchDim = false;
        return this;
    }

    /// <summary>The activations of some sequences of the batch, as a new cache of views.</summary>
    /// <param name="batch">One sequence, after which there is no batch dimension, or several.</param>
    /// <exception cref="InvalidOperationException">
    /// There is no batch dimension, the cache is lazy, or it holds activations of experts, whose tokens stand in one
    /// list.
    /// </exception>
    public ActivationCache ApplySliceToBatchDim(Slice batch)
    {
        if (!HasBatchDim)
            throw new InvalidOperationException("cannot take a slice of the batch: the batch dimension was removed");
        if (IsLazy)
            throw new InvalidOperationException("cannot take a slice of a lazy cache's batch; Recompute the " +
                "activations first");
        if (values.Keys.FirstOrDefault(name => !StartsWithBatch(name)) is { } list)
            throw new InvalidOperationException($"cannot take a slice of the batch of '{list}': its tokens stand in " +
                "one list");
        var part = new ActivationCache(layers, registry) { Model = Model, HasBatchDim = !batch.DropsDimension };
        foreach (var name in order)
        {
            part.Add(name, batch.Apply(values[name], 0));
            if (readAs.TryGetValue(name, out var original)) part.readAs.Add(name, original);
        }
        return part;
    }

    /// <summary>Moves every activation to a device, in place.</summary>
    public ActivationCache To(Device device)
    {
        foreach (var name in values.Keys.ToList()) Replace(name, values[name].to(device));
        foreach (var (name, original) in readAs.ToList()) readAs[name] = (original.Dtype, device);
        return this;
    }
}
