using Interp.Sae.Dictionaries;
using Interp.Sae.Tests;
using Interp.Sae.Tests.Dictionaries;
using Interp.Sae.Training;
using Interp.Studies.Superposition;
using Interp.Tensors;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.Superposition;

public class ToyModelTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 0, 0.3)]
    [InlineData(0, 1, 0.3)]
    [InlineData(1, -1, 0.3)]
    [InlineData(1, -1, 1)]
    public void Closed_form_losses_are_those_of_the_model(int first, int second, double density)
    {
        using var scope = torch.NewDisposeScope();
        var theory = new TwoFeatures(0.7, density);
        using var model = new ToyModel(new ToyModelOptions
        {
            Features = 2,
            Hidden = 1,
            Instances = [new ToyInstance(density, [1, 0.7])]
        });
        using var noGrad = torch.no_grad();
        using var generator = new Generator(1);
        model.W.copy_(torch.tensor([(float)first, second], [1, 2, 1]));
        // What is not represented gets its mean.
        model.B.copy_(torch.tensor([first == 0 ? (float)density / 2 : 0, second == 0 ? (float)density / 2 : 0],
            [1, 1, 2]));
        var expected = (first, second) switch
        {
            (1, 0) => theory.OnlyFirst,
            (0, 1) => theory.OnlySecond,
            _ =>
            theory.Antipodal
        };
        var found = model.Losses(model.Data.Draw(400_000, generator)).ToDouble();
        Assert.Equal(expected, found, 0.01 * expected);
    }

    [Fact]
    public void Dense_features_get_a_dimension_each_and_sparse_ones_are_packed()
    {
        using var scope = torch.NewDisposeScope();
        var options = new ToyModelOptions
        {
            Features = 5,
            Hidden = 2,
            Instances = [ToyInstance.Geometric(1, 5, 0.9), ToyInstance.Geometric(0.05, 5, 0.9)],
            Steps = 2500,
            LearningRate = 5e-3,
            Batch = 512,
        };
        using var model = new ToyModel(options);
        model.Train(null, default);
        var lengths = torch.linalg.vector_norm(model.W.detach(), 2, [-1]);
        output.WriteLine($"{lengths}");
        Assert.Equal(2, lengths[0].gt(0.5).sum().ToInt64());
        Assert.True(lengths[0][..2].min().ToDouble() > 0.9, "the two most important ones");
        Assert.Equal(5, lengths[1].gt(0.5).sum().ToInt64());
    }

    [Fact]
    public void Each_architecture_computes_its_equation()
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var x = torch.tensor([-0.5f, 0.25f], [1, 1, 2]);
        float[] w = [1, 2, -1, 1]; // [feature, hidden]: h = [-0.75, -0.75]
        float[] Outputs(ToyArchitecture architecture, float[] w)
        {
            using var model = new ToyModel(new ToyModelOptions
            {
                Features = 2,
                Hidden = 2,
                Instances = [ToyInstance.Geometric(1, 2)],
                Architecture = architecture,
            });
            model.W.copy_(torch.tensor(w, [1, 2, 2]));
            model.V?.copy_(torch.tensor([1f, 0, 0.5f, 3], [1, 2, 2]));
            model.B.copy_(torch.tensor([0.5f, -0.25f], [1, 1, 2]));
            return model.Forward(x).ToArray<float>();
        }

        Assert.Equal([-1.75f, -0.25f], Outputs(ToyArchitecture.Linear, w)); // h Wᵀ = [-2.25, 0]
        Assert.Equal([0, 0], Outputs(ToyArchitecture.ReluOutput, w));
        Assert.Equal([0.5f, 0], Outputs(ToyArchitecture.ReluHidden, w)); // h is cut to 0
        float[] turned = [-1, 2, 1, 4]; // h = [0.75, 0]
        Assert.Equal([0, 0.5f], Outputs(ToyArchitecture.ReluHidden, turned));
        Assert.Equal([1.25f, 0], Outputs(ToyArchitecture.AbsoluteValue, turned)); // h V = [0.75, 0]
    }

    [Fact]
    public void Two_neurons_give_an_absolute_value_exactly()
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        using var model = new ToyModel(new ToyModelOptions
        {
            Features = 2,
            Hidden = 4,
            Instances = [ToyInstance.Geometric(0.5, 2)],
            Architecture = ToyArchitecture.AbsoluteValue,
        });
        model.W.copy_(torch.tensor([1f, -1, 0, 0, 0, 0, 2, -2], [1, 2, 4]));
        model.V!.copy_(torch.tensor([1f, 0, 1, 0, 0, 0.5f, 0, 0.5f], [1, 4, 2]));
        using var generator = new Generator(1);
        var x = model.Data.Draw(1000, generator);
        Assert.True(x.min().ToDouble() < -0.9, "features of both signs");
        Assert.Equal(0, model.Losses(x).ToDouble(), 12);
        model.V.mul_(0);
        Assert.Equal(x.square().sum(-1).mean().ToDouble(), model.Losses(x).ToDouble(), 6);
    }

    [Fact]
    public void Watching_does_not_change_what_is_learned()
    {
        using var scope = torch.NewDisposeScope();
        var options = new ToyModelOptions
        {
            Features = 4,
            Hidden = 2,
            Instances = [ToyInstance.Geometric(0.2, 4), ToyInstance.Geometric(0.5, 4, 0.5)],
            Steps = 25,
            LearningRate = 1e-2,
            DecaySteps = 5,
        };
        using var trained = new ToyModel(options);
        trained.Train(null, default);
        using var watched = new ToyModel(options);
        var snapshots = watched.Watch(10, 5000, null, default);
        Kinds.Close(trained.W, watched.W, 0);
        Assert.Equal([0, 10, 20, 25], snapshots.Select(s => s.Step));
        Assert.Equal(trained.W.detach().ToArray<float>(), snapshots[^1].W.Cast<float>());
        Assert.Equal([2L, 4L], [snapshots[0].Dimensionality.GetLength(0), snapshots[0].Dimensionality.GetLength(1)]);
        var expected = FeatureGeometry.Dimensionality(trained.W.detach().to(ScalarType.Float64)).ToArray<double>();
        Assert.Equal(expected, snapshots[^1].Dimensionality.Cast<double>());
        Assert.All(snapshots.Zip(snapshots.Skip(1)), pair => // on the same examples it falls without noise
            Assert.All(pair.First.Losses.Zip(pair.Second.Losses), l => Assert.True(l.Second < l.First)));
    }

    [Fact]
    public void The_learning_rate_falls_to_zero_where_it_should()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new ToyModel(new ToyModelOptions
        {
            Features = 4,
            Hidden = 2,
            Instances = [ToyInstance.Geometric(0.2, 4)],
            Steps = 20,
            DecaySteps = 10,
        });
        var moves = model.Watch(1, 10, null, default).Select(s => s.W.Cast<float>().ToArray()).ToArray();
        float Largest(int step) => moves[step].Zip(moves[step - 1], (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(Largest(1), 0.9e-3, 1.1e-3); // Adam's first step is the learning rate
        Assert.True(Largest(11) > 3 * Largest(20), $"{Largest(11)} and {Largest(20)}");
        Assert.InRange(Largest(20), 0, 1.5e-4);
    }

    [Fact]
    public void The_same_seed_gives_the_same_model()
    {
        using var scope = torch.NewDisposeScope();
        Tensor Trained()
        {
            using var model = new ToyModel(new ToyModelOptions
            {
                Features = 4,
                Hidden = 2,
                Instances = [ToyInstance.Geometric(0.2, 4)],
                Steps = 20
            });
            model.Train(null, default);
            return model.W.detach().clone();
        }

        Kinds.Close(Trained(), Trained(), 0);
    }

    [Fact]
    public void A_sparse_autoencoder_recovers_the_features_of_a_toy_model()
    {
        using var scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        var options = new ToyModelOptions
        {
            Features = 20,
            Hidden = 5,
            Instances = [ToyInstance.Geometric(0.02, 20)],
            Steps = 2500,
            LearningRate = 5e-3,
        };
        using var model = new ToyModel(options);
        model.Train(null, default);
        var truth = model.W[0].detach();
        var learned = torch.linalg.vector_norm(truth, 2, [-1]).gt(0.5);
        Assert.True(learned.sum().ToInt64() > 10, "more features than dimensions");
        var spec = new DictionarySpec
        {
            Name = "toy",
            Options = new TopKOptions { DIn = 5, DSae = 40, K = 1 },
            Inputs = [ToyActivations.Hook]
        };
        var training = new SaeTrainingOptions
        {
            Dictionaries = [spec],
            Steps = 1200,
            Batch = 1024,
            BufferRows = 8192,
            LearningRate = 5e-3,
            DecaySteps = 300,
            DeadAfterSteps = 50
        };
        using var run = SaeTraining.Start(folder["run"], training, new ToyActivations(model));
        run.Run(null, default);
        using var dictionary = run.Finished();
        var found = FeatureGeometry.MeanMaxCosine(dictionary["W_dec"], truth[learned.nonzero().flatten()]);
        output.WriteLine($"mean max cosine {found:F4} over {learned.sum().ToInt64()} features; "
            + $"{run.LastMetrics[0]}");
        Assert.InRange(found, 0.95, 1.0001);
    }

    [Fact]
    public void Impossible_options_are_an_error_naming_the_option()
    {
        var fine = new ToyModelOptions { Features = 3, Hidden = 2, Instances = [ToyInstance.Geometric(0.2, 3)] };
        Assert.Contains("Density 0", Assert.Throws<ArgumentException>(() =>
            new ToyModel(fine with { Instances = [ToyInstance.Geometric(0, 3)] })).Message);
        Assert.Contains("2 importances", Assert.Throws<ArgumentException>(() =>
            new ToyModel(fine with { Instances = [ToyInstance.Geometric(1, 2)] })).Message);
        Assert.Contains("DecaySteps 11", Assert.Throws<ArgumentException>(
            () => new ToyModel(fine with { Steps = 10, DecaySteps = 11 })).Message);
        Assert.Contains("blocks of BlockSize 2", Assert.Throws<ArgumentException>(
            () => new ToyModel(fine with { Correlation = FeatureCorrelation.Correlated })).Message);
    }
}
