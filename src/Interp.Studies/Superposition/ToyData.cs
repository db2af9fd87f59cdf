using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Superposition;

/// <summary>Sparse features: each is on with the instance's density, and then uniform in 0 to 1, or in −1 to 1 for
/// the absolute-value model.</summary>
public sealed class ToyData : IDisposable
{
    private readonly ToyModelOptions options;
    private readonly Tensor density;

    internal ToyData(ToyModelOptions options)
    {
        this.options = options;
        density = torch.tensor(options.Instances.Select(i => (float)i.Density).ToArray(),
            [options.Instances.Count, 1, 1]).DetachFromDisposeScope();
    }

    /// <summary>Examples [instance, batch, feature].</summary>
    public Tensor Draw(int batch, Generator generator)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        long[] shape = [options.Instances.Count, batch, options.Features];
        var (on, values) = options.Correlation == FeatureCorrelation.Independent
            ? Independent(shape, generator)
            : (Blocks(shape, generator), torch.rand(shape, generator: generator));
        if (options.Architecture == ToyArchitecture.AbsoluteValue) values = values * 2 - 1;
        return scope.MoveToOuter(torch.where(on, values, 0.0));
    }

    /// <inheritdoc/>
    public void Dispose() => density.Dispose();

    /// <summary>One draw decides both: where it falls below the density, its place there is uniform again.</summary>
    private (Tensor On, Tensor Values) Independent(long[] shape, Generator generator)
    {
        var draw = torch.rand(shape, generator: generator);
        return (draw.lt(density), draw / density);
    }

    private Tensor Blocks(long[] shape, Generator generator)
    {
        var size = options.BlockSize;
        var draw = torch.rand([shape[0], shape[1], shape[2] / size], generator: generator);
        if (options.Correlation == FeatureCorrelation.Correlated)
            return draw.lt(density).repeat_interleave(size, -1);
        // A draw falls into the stretch of length p of one feature or behind them all; where that many p do not fit
        // into 1, each has an equal part.
        var which = (draw / density.clamp_max(1.0 / size)).floor();
        return which.unsqueeze(-1).eq(torch.arange(size)).flatten(-2, -1);
    }
}
