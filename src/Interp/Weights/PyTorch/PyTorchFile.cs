using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Weights;

/// <summary>
/// A file written by <c>torch.save</c>, zip or legacy. The pickle in it is read by a machine that can build tensors,
/// plain values and containers and nothing else: whatever the file says, no code of its choosing runs. Tensors are
/// named by their path in the saved object: <c>embed.W_E</c> for a state dict, <c>model.embed.W_E</c> where it lies
/// under the key <c>model</c>, <c>optimizer.state.0.exp_avg</c> and so on; a file that is one bare tensor calls it
/// <c>tensor</c>. Of a whole pickled module the parameters and buffers get the names of its state dict.
/// <para>Storages that the file holds uncompressed and aligned are used in place. Tensors that share a storage share
/// its memory, as in PyTorch. Devices are not restored: everything loads to the CPU, without gradients.</para>
/// </summary>
public sealed class PyTorchFile : WeightFile
{
    private const int Alignment = 8; // of every element type, taking complex numbers by their parts

    private readonly PyTorchContainer _container;
    private readonly PickledTree _tree;
    private readonly Dictionary<string, NativeBlock> _moved = [];

    private PyTorchFile(PyTorchContainer container)
        : base(container.File.Path)
    {
        _container = container;
        Root = container.ReadRoot();
        _tree = new PickledTree(container.File.Path, container.Budget);
        _tree.Walk(Root);
    }

    /// <inheritdoc/>
    public override WeightFormat Format => _container.Format;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors => _tree.Tensors;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object?> Values => _tree.Values;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> NotLoaded => _tree.NotLoaded;

    /// <summary>
    /// The saved object as it is: plain values, <see cref="PickledDictionary"/>, <see cref="PickledSequence"/>,
    /// <see cref="PickledTensor"/>, <see cref="PickledGlobal"/> and <see cref="OpaqueObject"/>.
    /// </summary>
    public object? Root { get; }

    /// <summary>Whether PyTorch had the tensor as a parameter, or otherwise with gradients.</summary>
    public bool RequiresGrad(string name) => _tree.Sources[Info(name).Name].RequiresGrad;

    internal static PyTorchFile FromZip(MappedFile file) => From(new ZipContainer(file));

    internal static PyTorchFile FromLegacy(MappedFile file) => From(new LegacyContainer(file));

    private protected override Tensor LoadTensor(TensorInfo info)
    {
        var tensor = _tree.Sources[info.Name];
        var storage = tensor.Storage;
        var extent = tensor.Extent * tensor.DType.Size();
        var start = extent == 0 ? 0 : storage.Start * storage.DType.Size() + tensor.Offset * tensor.DType.Size();
        var data = Aligned(storage).Slice(start, extent);
        return TensorBuilder.Build(
            data, tensor.DType, tensor.Shape, tensor.Strides, _container.BigEndian, Path, info.Name);
    }

    private protected override void Close()
    {
        foreach (var block in _moved.Values) block.Dispose();
        _container.Dispose();
    }

    private static PyTorchFile From(PyTorchContainer container)
    {
        try
        {
            return new PyTorchFile(container);
        }
        catch
        {
            container.Dispose();
            throw;
        }
    }

    // A storage is moved as a whole and once, so that its tensors go on sharing it.
    private DataRegion Aligned(PickledStorage storage)
    {
        var data = _container.Data(storage);
        if (data.IsAligned(Math.Min(storage.DType.Size(), Alignment))) return data;
        lock (_moved)
        {
            if (_moved.TryGetValue(storage.Key, out var block)) return block.Region;
            block = data.Copy();
            _moved.Add(storage.Key, block);
            return block.Region;
        }
    }
}
