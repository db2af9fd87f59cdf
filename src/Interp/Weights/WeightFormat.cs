namespace Interp.Weights;

/// <summary>The file formats that <see cref="WeightFile.Open"/> reads.</summary>
public enum WeightFormat
{
    /// <summary>One safetensors file.</summary>
    SafeTensors,

    /// <summary>An index such as <c>model.safetensors.index.json</c> and the shards it names.</summary>
    Sharded,

    /// <summary>What <c>torch.save</c> writes since PyTorch 1.6: a zip archive.</summary>
    PyTorchZip,

    /// <summary>What <c>torch.save</c> wrote before: pickles followed by raw storages.</summary>
    PyTorchLegacy,

    /// <summary>What <c>numpy.savez</c> writes (<c>.npz</c>): a zip archive of arrays.</summary>
    Numpy,
}
