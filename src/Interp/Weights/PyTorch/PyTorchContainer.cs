namespace Interp.Weights;

/// <summary>One of the two layouts of <c>torch.save</c>: the pickled objects and the storages they refer to.</summary>
internal abstract class PyTorchContainer(MappedFile file) : IStorageSource, IDisposable
{
    /// <summary>The file.</summary>
    public MappedFile File => file;

    /// <summary>What reading the file may still allocate.</summary>
    public AllocationBudget Budget { get; } = new(file.Path, file.Length);

    /// <summary>The format.</summary>
    public abstract WeightFormat Format { get; }

    /// <summary>Whether the storages hold big-endian numbers.</summary>
    public virtual bool BigEndian => false;

    /// <summary>Runs the pickle that was saved.</summary>
    public abstract object? ReadRoot();

    /// <summary>The bytes of a storage; valid for as long as a reference to its owner is held.</summary>
    public abstract DataRegion Data(PickledStorage storage);

    /// <inheritdoc/>
    public object? Storage(PickleMachine machine, object? id)
    {
        machine.Budget.Charge(256);
        if (id is not PickledSequence { Count: > 0 } fields)
            throw machine.Fault($"a persistent id is {PickleMachine.Shown(id)}", "a tuple that names a storage");
        // ('module', class, source file, source): legacy files carry the source of pickled modules.
        if (fields is ["module", PickledGlobal module, ..]) return module;
        if (fields is not ["storage", PickledGlobal type, string key, _, long and >= 0 and var count, ..])
            throw machine.Fault("a persistent id does not name a storage", "('storage', type, key, location, count)");
        var known = WeightDTypes.FromStorage(type.Name);
        // Quantized storages have a size and a place in the file, but no tensor that could be loaded is a view of them.
        if ((known ?? WeightDTypes.FromQuantizedStorage(type.Name)) is not { } dtype)
            return new OpaqueObject(type, fields);
        if (count > long.MaxValue / 16)
            throw machine.Fault($"storage '{key}' has {count} elements", "a storage that fits the file");
        var root = new PickledStorage(key, dtype, 0, count);
        CheckStorage(machine, root);
        if (known is null) return new OpaqueObject(type, fields);
        return View(machine, root, fields.Count > 5 ? fields[5] : null);
    }

    /// <inheritdoc/>
    public virtual void Dispose() => file.Dispose();

    /// <summary>Checks that the file holds a storage of this size under its key.</summary>
    protected abstract void CheckStorage(PickleMachine machine, PickledStorage storage);

    // Files before PyTorch 0.4 could store a part of another storage: (key, offset, count).
    private static PickledStorage View(PickleMachine machine, PickledStorage root, object? view)
    {
        if (view is null) return root;
        if (view is PickledSequence and [_, long and >= 0 and var start, long and >= 0 and var count]
            && start <= root.Count && count <= root.Count - start)
            return root with { Start = start, Count = count };
        throw machine.Fault(
            $"storage '{root.Key}' has a view that does not lie in it", "(key, offset, count) within it");
    }
}
