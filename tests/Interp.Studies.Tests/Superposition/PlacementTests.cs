using Interp.Studies.Superposition;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.Superposition;

public class PlacementTests
{
    private static readonly double S = Math.Sqrt(3) / 2;

    public static TheoryData<string, double[][]> Shapes => new()
    {
        { "third left out", [[1, 0], [0, 1], [0, 0]] },
        { "another left out", [[1, 0], [0, 0], [0, 1]] },
        { "third antipodal", [[1, 0], [0, 1], [0, -1]] },
        { "third alone", [[1, 0], [-1, 0], [0, 1]] },
        { "triangle", [[1, 0], [-0.5, S], [-0.5, -S]] },
    };

    /// <summary>The losses of all placements, by drawing examples through the model itself.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Losses_of_three_features_are_those_of_the_model(string name, double[][] rows)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var density in new[] { 0.2, 0.7, 1 })
        {
            var theory = new ThreeFeatures(0.6, density).Placements.First(p => p.Name == name);
            using var model = new ToyModel(new ToyModelOptions
            {
                Features = 3,
                Hidden = 2,
                Instances = [new ToyInstance(density, [1, 1, 0.6])],
            });
            using var noGrad = torch.no_grad();
            using var generator = new Generator(1);
            model.W.copy_(torch.tensor(rows.SelectMany(row => row).ToArray(), [1, 3, 2]));
            // What is left out gets its mean.
            model.B.copy_(torch.tensor(
                rows.Select(row => row.All(x => x == 0) ? (float)density / 2 : 0).ToArray(), [1, 1, 3]));
            var found = model.Losses(model.Data.Draw(400_000, generator)).ToDouble();
            Assert.Equal(theory.Loss, found, 0.01 * theory.Loss);
            Assert.Equal(theory.Loss, PhaseDiagram.ExpectedLosses(model)[0], 0.005 * theory.Loss); // no draws
            Assert.Equal(name, Placement.Nearest(model.W[0], new ThreeFeatures(0.6, density).Placements).Name);
        }
    }

    [Fact]
    public void A_triangle_is_never_the_best_and_every_other_placement_is_somewhere()
    {
        var best = new HashSet<string>();
        foreach (var importance in Enumerable.Range(-10, 21).Select(k => Math.Pow(10, k / 10.0)))
            foreach (var density in Enumerable.Range(1, 100).Select(k => k / 100.0))
                best.Add(Placement.Best(new ThreeFeatures(importance, density).Placements).Name);
        Assert.Equal(["another left out", "third alone", "third antipodal", "third left out"], best.Order());
    }

    [Fact]
    public void Boundaries_are_where_two_placements_cost_the_same()
    {
        // [1, 0] and [1, −1]: r (p/3 − p²/4) = (1 + r) p²/6, with r = ½ at p = 4/9.
        var (above, below) = (new TwoFeatures(0.5, 4.0 / 9 + 0.001), new TwoFeatures(0.5, 4.0 / 9 - 0.001));
        Assert.Equal("second left out", Placement.Best(above.Placements).Name);
        Assert.Equal("antipodal", Placement.Best(below.Placements).Name);
        Assert.False(PhaseDiagram.IsClear(2, 0.5, 4.0 / 9));
        Assert.False(PhaseDiagram.IsClear(2, 0.5, 4.0 / 9 * 1.49));
        Assert.True(PhaseDiagram.IsClear(2, 0.5, 4.0 / 9 / 3));
        Assert.False(PhaseDiagram.IsClear(2, 1.4, 1), "above r = 1 the first is left out, below it the second");
        Assert.True(PhaseDiagram.IsClear(2, 1.6, 1));
    }
}
