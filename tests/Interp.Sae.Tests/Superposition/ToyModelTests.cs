using Interp.Sae.Dictionaries;
using Interp.Sae.Superposition;
using Interp.Sae.Tests.Dictionaries;
using Interp.Sae.Training;
using Interp.Torch;
using Xunit.Abstractions;

namespace Interp.Sae.Tests.Superposition;

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
        var found = model.Losses(model.Data.Draw(400_000, generator)).item<double>();
        Assert.Equal(expected, found, 0.01 * expected);
    }

    [Fact]
    public void Trained_models_are_in_the_phase_of_the_closed_form()
    {
        using var scope = torch.NewDisposeScope();
        // Points away from the boundaries; three starts each, since some get stuck.
        (double Importance, double Density)[] points = [(0.3, 1), (3, 1), (1, 0.1), (0.5, 0.05), (0.2, 0.9)];
        var instances = points.SelectMany(p =>
            Enumerable.Repeat(new ToyInstance(p.Density, [1, p.Importance]), 3)).ToArray();
        using var model = new ToyModel(new ToyModelOptions
        {
            Features = 2,
            Hidden = 1,
            Instances = instances,
            Steps = 1500,
            LearningRate = 1e-2,
            Seed = 4
        });
        model.Train(null, default);
        using var generator = new Generator(9);
        var losses = model.Losses(model.Data.Draw(100_000, generator)).detach().ToArray<float>();
        for (var i = 0; i < points.Length; i++)
        {
            var best = Enumerable.Range(3 * i, 3).MinBy(k => losses[k]);
            var w = model.W[best].detach().flatten().ToArray<float>();
            var theory = new TwoFeatures(points[i].Importance, points[i].Density);
            output.WriteLine($"{theory}: W [{w[0]:F2}, {w[1]:F2}], loss {losses[best]:F4}");
            var both = Math.Abs(w[0]) > 0.5 && Math.Abs(w[1]) > 0.5;
            Assert.Equal(theory.Superposes, both);
            if (both) Assert.True(w[0] * w[1] < 0, "antipodal");
            else Assert.Equal(points[i].Importance < 1, Math.Abs(w[0]) > Math.Abs(w[1]));
            Assert.InRange(losses[best], 0,
                1.05 * new[] { theory.OnlyFirst, theory.OnlySecond, theory.Antipodal }.Min());
        }
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
        Assert.Equal(2, lengths[0].gt(0.5).sum().item<long>());
        Assert.True(lengths[0][..2].min().item<double>() > 0.9, "the two most important ones");
        Assert.Equal(5, lengths[1].gt(0.5).sum().item<long>());
    }

    [Fact]
    public void Paired_features_occur_together_or_never()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var kind in Enum.GetValues<FeatureCorrelation>())
        {
            var options = new ToyModelOptions
            {
                Features = 4,
                Hidden = 2,
                Instances = [ToyInstance.Geometric(0.2, 4)],
                Correlation = kind
            };
            using var model = new ToyModel(options);
            using var generator = new Generator(3);
            var on = model.Data.Draw(50_000, generator)[0].gt(0).to(ScalarType.Float64);
            Kinds.Close(torch.full([4], 0.2), on.mean(0), 0.01);
            var together = (on[.., 0] * on[.., 1]).mean().item<double>();
            var expected = kind switch
            {
                FeatureCorrelation.Independent => 0.04,
                FeatureCorrelation.CorrelatedPairs =>
                0.2,
                _ => 0
            };
            Assert.Equal(expected, together, 0.005);
            Assert.Equal(0.04, (on[.., 1] * on[.., 2]).mean().item<double>(), 0.005);
        }
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
        Assert.True(learned.sum().item<long>() > 10, "more features than dimensions");
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
        output.WriteLine($"mean max cosine {found:F4} over {learned.sum().item<long>()} features; "
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
        Assert.Contains("paired", Assert.Throws<ArgumentException>(
            () => new ToyModel(fine with { Correlation = FeatureCorrelation.CorrelatedPairs })).Message);
    }
}
