using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Weights;

/// <summary>
/// A safetensors file (https://github.com/huggingface/safetensors): 8 bytes of little-endian header length, a JSON
/// header that gives every tensor's type, shape and offsets, then the data, row-major and little-endian. The header is
/// checked in full when the file is opened; data is mapped, not read.
/// </summary>
public sealed class SafeTensorsFile : WeightFile
{
    private readonly MappedFile _file;
    private readonly SafeTensorsHeader _header;
    private readonly Dictionary<string, long> _offsets;

    internal SafeTensorsFile(MappedFile file)
        : base(file.Path)
    {
        _file = file;
        _header = SafeTensorsHeader.Read(file);
        _offsets = _header.Tensors.Zip(_header.Offsets).ToDictionary(pair => pair.First.Name, pair => pair.Second);
    }

    /// <inheritdoc/>
    public override WeightFormat Format => WeightFormat.SafeTensors;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors => _header.Tensors;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    private protected override Tensor LoadTensor(TensorInfo info)
    {
        var data = _file.Region(_offsets[info.Name], info.Bytes);
        return TensorBuilder.Build(data, info.DType, info.Shape, null, swap: false, Path, info.Name);
    }

    private protected override void Close() => _file.Dispose();
}
