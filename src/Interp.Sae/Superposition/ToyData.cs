using Interp.Torch;

namespace Interp.Sae.Superposition;

/// <summary>Sparse features: each is on with the instance's density and then uniform in 0 to 1.</summary>
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
        var values = torch.rand(shape, generator);
        return scope.MoveToOuter(values * On(shape, generator).to(values.dtype));
    }

    /// <inheritdoc/>
    public void Dispose() => density.Dispose();

    private Tensor On(long[] shape, Generator generator)
    {
        if (options.Correlation == FeatureCorrelation.Independent) return torch.rand(shape, generator).lt(density);
        long[] pairs = [shape[0], shape[1], shape[2] / 2];
        var pair = torch.rand(pairs, generator);
        if (options.Correlation == FeatureCorrelation.CorrelatedPairs) return pair.lt(density).repeat_interleave(2, -1);
        // One draw decides for both, from its two ends; each is on with p, or with ½ where two of p do not fit.
        var first = pair.lt(density.clamp_max(0.5));
        var second = pair.ge(1 - density.clamp_max(0.5));
        return torch.stack([first, second], -1).flatten(-2, -1);
    }
}
