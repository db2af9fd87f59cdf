using System.Text;

namespace Interp.Weights;

/// <summary>
/// The zip layout of <c>torch.save</c>: under one folder, <c>data.pkl</c>, a file <c>data/KEY</c> for each storage, and
/// <c>byteorder</c>.
/// </summary>
internal sealed class ZipContainer : PyTorchContainer
{
    private readonly Dictionary<string, ZipEntry> _entries;
    private readonly Dictionary<string, NativeBlock> _inflated = [];
    private readonly string _folder;

    public ZipContainer(MappedFile file)
        : base(file)
    {
        _entries = ZipDirectory.Read(file, Budget);
        _folder = Folder();
        BigEndian = ByteOrder();
    }

    public override WeightFormat Format => WeightFormat.PyTorchZip;

    public override bool BigEndian { get; }

    public override object? ReadRoot()
    {
        var pickle = Content(_entries[_folder + "data.pkl"]);
        if (pickle.Length > int.MaxValue)
            throw Fault("data.pkl", $"it has {pickle.Length} bytes", $"at most {int.MaxValue}");
        var input = new PickleInput(pickle.Span, File.Path, "data.pkl");
        var root = new PickleMachine(File.Path, Budget, this).Load(ref input, "data.pkl");
        if (input.Position == input.Length) return root;
        throw Fault("data.pkl", $"{input.Length - input.Position} bytes follow its end", "one pickle");
    }

    public override DataRegion Data(PickledStorage storage) => Content(_entries[_folder + "data/" + storage.Key]);

    public override void Dispose()
    {
        foreach (var block in _inflated.Values) block.Dispose();
        base.Dispose();
    }

    protected override void CheckStorage(PickleMachine machine, PickledStorage storage)
    {
        machine.Budget.ChargeString(_folder.Length + storage.Key.Length + 5L);
        if (!_entries.TryGetValue(_folder + "data/" + storage.Key, out var entry))
        {
            throw machine.Fault(
                $"the archive has no entry 'data/{storage.Key}' for a storage", "an entry for every storage");
        }

        if (entry.Length >= storage.Bytes) return;
        throw machine.Fault(
            $"storage '{storage.Key}' has {storage.Count} elements of {storage.DType.Size()} bytes but its entry has "
            + $"{entry.Length} bytes", $"{storage.Bytes} bytes");
    }

    private DataRegion Content(ZipEntry entry)
    {
        if (!entry.IsDeflated) return File.Region(entry.Offset, entry.Length);
        lock (_inflated)
        {
            if (!_inflated.TryGetValue(entry.Name, out var block))
            {
                block = ZipInflater.Inflate(File, entry);
                _inflated.Add(entry.Name, block);
            }

            return block.Region;
        }
    }

    private string Folder()
    {
        var pickles = _entries.Keys
            .Where(name => name == "data.pkl" || name.EndsWith("/data.pkl", StringComparison.Ordinal))
            .Where(name => name.AsSpan().Count('/') <= 1)
            .ToList();
        if (pickles.Count == 1) return pickles[0][..^"data.pkl".Length];
        var found = pickles.Count == 0
            ? "the zip archive has no data.pkl" + Looks()
            : $"the zip archive has several data.pkl ('{pickles[0]}', '{pickles[1]}')";
        throw Fault("", found, "an archive written by torch.save, with one data.pkl");
    }

    private string Looks() => _entries.Keys.FirstOrDefault() switch
    {
        null => "; it is empty",
        var name when name.EndsWith(".npy", StringComparison.Ordinal) => "; it looks like a NumPy archive (.npz)",
        var name => $"; its first entry is '{name}'",
    };

    private bool ByteOrder()
    {
        if (!_entries.TryGetValue(_folder + "byteorder", out var entry)) return false;
        var content = Content(entry);
        var text = Encoding.ASCII.GetString(content.Span[..(int)Math.Min(content.Length, 16)]);
        return text switch
        {
            "little" => false,
            "big" => true,
            _ => throw Fault("byteorder", $"it is '{text}'", "little or big"),
        };
    }

    private WeightsFormatException Fault(string place, string reason, string expected) =>
        new(File.Path, place, reason, expected);
}
