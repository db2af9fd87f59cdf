using Interp.Studies.Superposition;
using Interp.Tensors;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.Superposition;

public class TrainedGeometryTests(ITestOutputHelper output)
{
    [Fact]
    public void Trained_features_stick_at_one_half_and_gather_at_three_eighths()
    {
        using var scope = torch.NewDisposeScope();
        const int Features = 16, Hidden = 3, Levels = 30;
        // 1 / p from 2 to 7, where pairs give way to square antiprisms.
        var densities = Enumerable.Range(0, Levels).Select(k => 1 / (2 * Math.Pow(3.5, k / (Levels - 1.0)))).ToArray();
        using var model = new ToyModel(new ToyModelOptions
        {
            Features = Features,
            Hidden = Hidden,
            Instances = [.. densities.Select(p => ToyInstance.Geometric(p, Features))],
            Steps = 1500,
            DecaySteps = 750,
            Batch = 256,
            LearningRate = 5e-3,
        });
        model.Train(null, default);
        var perFeature = FeatureGeometry.DimensionsPerFeature(model.W.detach()).ToArray<float>();
        var sticky = perFeature.Count(d => Math.Abs(d - 0.5) <= 0.03);
        var shares = FeatureGeometry.Dimensionality(model.W.detach().to(ScalarType.Float64));
        var lines = FractionLine.Published.Select(p => FractionLine.Count(shares.ToArray<double>(), p.Fraction))
            .ToArray();
        output.WriteLine($"D* within 0.03 of ½ at {sticky} of {Levels} densities: {string.Join(' ', perFeature)}");
        foreach (var line in lines) output.WriteLine($"{line}");
        Assert.True(sticky >= 8, "at a quarter of the densities and more");
        Assert.True(lines.Single(line => line.Fraction == 1.0 / 2).Stands);
        Assert.True(lines.Single(line => line.Fraction == 3.0 / 8).Stands);
        // Features share out the dimensions, all of them: Σ Dᵢ = m for a tight frame.
        Assert.All(shares.sum(-1).ToArray<double>(), sum => Assert.InRange(sum, 0.97 * Hidden, Hidden + 1e-3));
    }
}
