using Interp.Tensors;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Loading.Parity;

/// <summary>The tensors that a reference implementation computed; owned by the open DisposeScope.</summary>
internal sealed class Fixture
{
    private readonly Dictionary<string, Tensor> tensors = [];

    /// <param name="path">Relative to the shared folder.</param>
    public Fixture(string path)
    {
        using var file = WeightFile.Open(SharedData.Path(path));
        foreach (var name in file.Names) tensors.Add(name, file.Load(name));
    }

    public IEnumerable<string> Names => tensors.Keys;

    public Tensor this[string name] => tensors[name];

    public bool Has(string name) => tensors.ContainsKey(name);
}
