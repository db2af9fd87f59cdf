using Interp.Sae.Activations;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Benchmarks;

/// <summary>Sums of a few of 2,048 directions: activations as a dictionary supposes them.</summary>
internal sealed class Mixtures(int width, int rows, Generator generator) : IActivationSource
{
    private const int Directions = 2048, On = 16;
    private readonly Tensor directions = torch.randn([Directions, width], generator: generator).div_(Math.Sqrt(On));

    public IReadOnlyList<string> Hooks => ["mixture"];

    public IReadOnlyList<int> Widths => [width];

    public Device Device => torch.CPU;

    public IReadOnlyDictionary<string, string> Description => new Dictionary<string, string>();

    public Tensor[] Read(long position)
    {
        using var draws = new Generator((ulong)position);
        using var scope = torch.NewDisposeScope();
        var which = torch.randint(0, Directions, [rows, On], generator: draws);
        var x = Functional.EmbeddingBag(directions, which, torch.randn([rows, On], generator: draws).abs_());
        return [scope.MoveToOuter(x)];
    }
}
