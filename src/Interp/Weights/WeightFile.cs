using Interp.Hooks;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Weights;

/// <summary>
/// An open file of weights: what it holds is known at once, tensors are read when they are asked for. The format is
/// told from the content: safetensors, an index of shards, what <c>torch.save</c> writes, or a NumPy archive.
/// <code>
/// using var file = WeightFile.Open("model.safetensors");
/// foreach (var info in file.Tensors) Console.WriteLine(info);   // wte.weight F32 [50257, 768]
/// var embedding = file.Load("wte.weight");                      // valid after the file is disposed
/// </code>
/// Loading is zero-copy wherever it can be: the file is mapped, and a tensor is a view of the mapping that keeps it
/// alive. Writing into such a tensor changes memory only, never the file. The file must not be truncated by others
/// while tensors over it live. Every fault of a file is a <see cref="WeightsFormatException"/>, found before memory is
/// allocated for what the file claims to hold; opening one takes at most its size plus 64 MiB, which is also the limit
/// for what is no tensor (a file of nothing but a list can hold about a million numbers).
/// </summary>
public abstract class WeightFile : IDisposable
{
    private Dictionary<string, TensorInfo>? _byName;

    private protected WeightFile(string path) => Path = path;

    /// <summary>The path it was opened by.</summary>
    public string Path { get; }

    /// <summary>The format that the content showed.</summary>
    public abstract WeightFormat Format { get; }

    /// <summary>The tensors, in the order of the file.</summary>
    public abstract IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>The names of the tensors, in the order of the file.</summary>
    public IEnumerable<string> Names => Tensors.Select(tensor => tensor.Name);

    /// <summary>The text that safetensors files carry under <c>__metadata__</c>; empty for the other formats.</summary>
    public virtual IReadOnlyDictionary<string, string> Metadata => EmptyMetadata;

    /// <summary>
    /// The values of a PyTorch file that are not tensors, by dotted path (<c>config.lr</c>, <c>train_losses</c>): null,
    /// bool, long, <see cref="System.Numerics.BigInteger"/>, double, complex, string, byte[], or a
    /// <see cref="PickledSequence"/> of these. Types, devices and sizes of PyTorch appear as text and tuples.
    /// </summary>
    public virtual IReadOnlyDictionary<string, object?> Values => EmptyValues;

    /// <summary>
    /// What a PyTorch file holds besides tensors and plain values, as path → Python type. Such objects are never
    /// built; <see cref="PyTorchFile.Root"/> shows what the file says about them.
    /// </summary>
    public virtual IReadOnlyDictionary<string, string> NotLoaded => EmptyMetadata;

    /// <summary>Opens a file of weights, whatever its format.</summary>
    /// <exception cref="WeightsFormatException">The file is damaged, or it is no file of weights.</exception>
    public static WeightFile Open(string path) => OpenWith(path, ShardedWeights.Open);

    /// <summary>Opens a file; what to do with an index of shards is up to the caller.</summary>
    private protected static WeightFile OpenWith(string path, Func<MappedFile, WeightFile> openIndex)
    {
        if (Directory.Exists(path))
            throw new WeightsFormatException(path, "", "it is a folder", "a file of weights or an index of shards");
        var file = MappedFile.Open(path);
        try
        {
            return FormatDetector.Detect(file) switch
            {
                WeightFormat.SafeTensors => new SafeTensorsFile(file),
                WeightFormat.Sharded => openIndex(file),
                WeightFormat.PyTorchZip => PyTorchFile.FromZip(file),
                WeightFormat.Numpy => new NpzFile(file),
                _ => PyTorchFile.FromLegacy(file),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file holds a tensor of that name.</summary>
    public bool Has(string name) => ByName.ContainsKey(name);

    /// <summary>What the file says about one tensor.</summary>
    /// <exception cref="KeyNotFoundException">There is no such tensor; the message names similar ones.</exception>
    public TensorInfo Info(string name)
    {
        if (ByName.TryGetValue(name, out var info)) return info;
        var nearest = NearestNames.Of(name, Names);
        throw new KeyNotFoundException(nearest.Count == 0
            ? $"{Path} holds no tensors"
            : $"{Path} has no tensor '{name}'; nearest: '{string.Join("', '", nearest)}'");
    }

    /// <summary>
    /// Loads one tensor to the CPU. It stays valid after this object is disposed; the caller owns it. Types that
    /// libtorch lacks are widened as <see cref="WeightDTypes.LoadsAs"/> says.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no such tensor; the message names similar ones.</exception>
    /// <exception cref="WeightsFormatException">Its data is not what its type allows.</exception>
    public Tensor Load(string name)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return LoadTensor(Info(name));
    }

    /// <summary>Loads every tensor. Where one fails, those loaded before it are disposed.</summary>
    public Dictionary<string, Tensor> LoadAll()
    {
        var loaded = new Dictionary<string, Tensor>(Tensors.Count);
        try
        {
            foreach (var name in Names) loaded.Add(name, Load(name));
            return loaded;
        }
        catch
        {
            foreach (var tensor in loaded.Values) tensor.Dispose();
            throw;
        }
    }

    /// <summary>Lets go of the file; tensors loaded from it stay valid.</summary>
    public void Dispose()
    {
        if (IsDisposed) return;
        IsDisposed = true;
        Close();
        GC.SuppressFinalize(this);
    }

    private protected bool IsDisposed { get; private set; }

    private protected abstract Tensor LoadTensor(TensorInfo info);

    private protected abstract void Close();

    private Dictionary<string, TensorInfo> ByName => _byName ??= Tensors.ToDictionary(tensor => tensor.Name);

    private static readonly Dictionary<string, string> EmptyMetadata = [];
    private static readonly Dictionary<string, object?> EmptyValues = [];
}
