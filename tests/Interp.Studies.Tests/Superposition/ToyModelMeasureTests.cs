using Interp.Studies.Superposition;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.Superposition;

public class ToyModelMeasureTests
{
    [Fact]
    public void Losses_over_many_examples_come_near_the_expected_ones()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TwoFeaturesInOne([1, 0], [0, 1], [1, -1]);
        using var generator = new Generator(1);
        var theory = new TwoFeatures(0.7, 0.3);
        var found = model.MeanLosses(200_500, generator); // not a whole number of parts
        Assert.Equal(theory.OnlyFirst, found[0], 0.02 * theory.OnlyFirst);
        Assert.Equal(theory.OnlySecond, found[1], 0.02 * theory.OnlySecond);
        Assert.Equal(theory.Antipodal, found[2], 0.02 * theory.Antipodal);
    }

    [Fact]
    public void Of_every_group_of_starts_the_one_of_least_loss_is_taken()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TwoFeaturesInOne([1, -1], [1, 0], [0, 0], [0, 1]);
        using var generator = new Generator(1);
        Assert.Equal([0, 3], model.BestStarts(2, 4000, generator));
        var error = Assert.Throws<ArgumentException>(() => model.BestStarts(3, 4000, generator));
        Assert.Equal("4 instances are no groups of 3 starts each", error.Message);
    }

    [Fact]
    public void Explained_variance_is_1_where_a_feature_comes_back_and_0_where_its_mean_does()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TwoFeaturesInOne([1, 0], [0, 1]);
        using var generator = new Generator(1);
        var shares = model.ExplainedVariance(20_000, generator).ToArray<float>();
        float[] expected = [1, 0, 0, 1];
        Assert.All(shares.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 0.02f));
    }

    [Fact]
    public void The_absolute_value_model_is_measured_against_absolute_values()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new ToyModel(new ToyModelOptions
        {
            Features = 1,
            Hidden = 2,
            Instances = [ToyInstance.Geometric(0.5, 1)],
            Architecture = ToyArchitecture.AbsoluteValue,
        });
        using var generator = new Generator(1);
        using (torch.no_grad())
        {
            model.W.copy_(torch.tensor([1f, -1], [1, 1, 2])); // ReLU(x) and ReLU(−x)
            model.V!.copy_(torch.tensor([1f, 1], [1, 2, 1]));
        }

        Assert.Equal(1, model.ExplainedVariance(2000, generator).ToSingle(), 1e-6f);
    }

    [Fact]
    public void Starts_stand_side_by_side_at_each_density()
    {
        var instances = ToyInstance.Starts([1, 0.1], 3, 2, 0.5);
        Assert.Equal([1, 1, 1, 0.1, 0.1, 0.1], instances.Select(instance => instance.Density));
        Assert.All(instances, instance => Assert.Equal([1, 0.5], instance.Importance));
    }

    /// <summary>Models with the given directions; what is not represented gets its mean.</summary>
    private static ToyModel TwoFeaturesInOne(params float[][] directions)
    {
        const double density = 0.3;
        var model = new ToyModel(new ToyModelOptions
        {
            Features = 2,
            Hidden = 1,
            Instances = [.. directions.Select(_ => new ToyInstance(density, [1, 0.7]))],
        });
        using var noGrad = torch.no_grad();
        model.W.copy_(torch.tensor(directions.SelectMany(w => w).ToArray(), [directions.Length, 2, 1]));
        var means = directions.SelectMany(w => w.Select(x => x == 0 ? (float)density / 2 : 0)).ToArray();
        model.B.copy_(torch.tensor(means, [directions.Length, 1, 2]));
        return model;
    }
}
