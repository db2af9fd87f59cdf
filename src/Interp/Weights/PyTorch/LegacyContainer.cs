using System.Buffers.Binary;
using System.Numerics;

namespace Interp.Weights;

/// <summary>
/// The layout of <c>torch.save</c> before PyTorch 1.6: five pickles (magic number, version, system, the objects, the
/// keys of the storages), then for each key an 8-byte element count and the elements, little-endian.
/// </summary>
internal sealed class LegacyContainer(MappedFile file) : PyTorchContainer(file)
{
    private readonly Dictionary<string, PickledStorage> _declared = [];
    private readonly Dictionary<string, long> _offsets = [];

    public override WeightFormat Format => WeightFormat.PyTorchLegacy;

    public override object? ReadRoot()
    {
        var input = new PickleInput(File.Span(0, Math.Min(File.Length, int.MaxValue)), File.Path, "pickle");
        var machine = new PickleMachine(File.Path, Budget, this);
        if (machine.Load(ref input, "magic number") is not BigInteger magic || magic != LegacyLayout.Number)
            throw Fault("magic number", "it is another number", "the number that torch.save writes");
        if (machine.Load(ref input, "version") is not LegacyLayout.Protocol)
            throw Fault("version", "it is not 1001", "the version that torch.save writes");
        machine.Load(ref input, "system");
        var root = machine.Load(ref input, "objects");
        if (machine.Load(ref input, "storage keys") is not PickledSequence keys)
            throw Fault("storage keys", "they are no list", "a list of keys");
        FindStorages(keys, input.Position);
        return root;
    }

    public override DataRegion Data(PickledStorage storage)
    {
        var declared = _declared[storage.Key];
        return File.Region(_offsets[storage.Key], declared.Bytes);
    }

    protected override void CheckStorage(PickleMachine machine, PickledStorage storage)
    {
        if (_declared.TryGetValue(storage.Key, out var known))
        {
            if (known.Bytes == storage.Bytes) return;
            throw machine.Fault(
                $"storage '{storage.Key}' has {storage.Bytes} bytes here and {known.Bytes} before",
                "one size for each");
        }

        if (storage.Bytes > File.Length)
        {
            throw machine.Fault(
                $"storage '{storage.Key}' has {storage.Bytes} bytes", $"at most the size of the file, {File.Length}");
        }

        machine.Budget.Charge(256); // its entries in two dictionaries
        _declared.Add(storage.Key, storage);
    }

    private void FindStorages(PickledSequence keys, long position)
    {
        foreach (var item in keys)
        {
            if (item is not string key || !_declared.TryGetValue(key, out var storage))
                throw Fault("storage keys", "one names no storage of the pickle", "the keys of its storages");
            if (!_offsets.TryAdd(key, position + 8))
                throw Fault("storage keys", $"'{key}' appears twice", "every key once");
            CheckStored(storage, position);
            position += 8 + storage.Bytes;
        }

        foreach (var key in _declared.Keys.Where(key => !_offsets.ContainsKey(key)))
            throw Fault(
                $"storage '{key}'", "a tensor uses it but the file does not hold it", "every storage in the file");
        if (position != File.Length)
            throw Fault("", $"{File.Length - position} bytes follow the last storage", "the end of the file");
    }

    private void CheckStored(PickledStorage storage, long position)
    {
        var place = $"storage '{storage.Key}'";
        var left = File.Length - position - 8;
        if (left < storage.Bytes)
            throw Fault(
                place, $"its {storage.Bytes} bytes at {position + 8} run past the end of the file", "a whole file");
        var count = BinaryPrimitives.ReadInt64LittleEndian(File.Span(position, 8));
        if (count != storage.Count)
            throw Fault(place, $"its data says {count} elements", $"{storage.Count}, as the pickle says");
    }

    private WeightsFormatException Fault(string place, string reason, string expected) =>
        new(File.Path, place, reason, expected);
}
