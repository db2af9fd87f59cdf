using Interp.Sae.Activations;
using Interp.Sae.Dictionaries;
using Interp.Sae.Tests.Activations;
using Interp.Sae.Tests.Dictionaries;
using Interp.Sae.Training;
using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Training;

public class SaeTrainingTests
{
    private static readonly SaeTrainingOptions Options = new()
    {
        Dictionaries =
        [
            new DictionarySpec { Name = "l1",
                Options = new StandardOptions { DIn = 24, DSae = 48, L1Coefficient = 0.1 }, Inputs = [Sources.Heads] },
            new DictionarySpec { Name = "topk", Options = new BatchTopKOptions { DIn = 24, DSae = 48, K = 3 },
                Inputs = [Sources.Heads] },
            new DictionarySpec
            {
                Name = "mlp",
                Options = new TranscoderOptions { DIn = 40, DOut = 24, DSae = 32, K = 4, ApplyBDecToInput = false },
                Inputs = [Sources.Read],
                Target = Sources.Written,
            },
            new DictionarySpec
            {
                Name = "cross",
                Options = new CrosscoderOptions { DIn = 24, DSae = 32, Sites = 2, L1Coefficient = 0.1,
                    ApplyBDecToInput = false },
                Inputs = [Sources.Written, Sources.Heads],
            },
        ],
        Steps = 24,
        Batch = 32,
        BufferRows = 128,
        LearningRate = 3e-3,
        WarmUpSteps = 4,
        DecaySteps = 5,
        SparsityWarmUpSteps = 6,
        DeadAfterSteps = 5,
        MeasureEvery = 4,
        CheckpointEvery = 6,
        Seed = 2,
    };

    private static readonly string[] Hooks = [Sources.Read, Sources.Written, Sources.Heads];

    [Fact]
    public void A_run_that_was_stopped_ends_with_the_bits_of_one_that_was_not()
    {
        using var folder = new TemporaryFolder();
        using var model = Sources.Model();
        using (var whole = SaeTraining.Start(folder["whole"], Options, Sources.Of(model, Hooks))) whole.Run(null,
            default);

        // Once by Ctrl+C, and once more by a kill behind the checkpoint of step 18.
        Stop(() => SaeTraining.Start(folder["parts"], Options, Sources.Of(model, Hooks)), atStep: 10, cancel: true);
        Stop(() => SaeTraining.Resume(folder["parts"], Sources.Of(model, Hooks)), atStep: 21, cancel: false);
        using (var rest = SaeTraining.Resume(folder["parts"], Sources.Of(model, Hooks)))
        {
            Assert.Equal(18, rest.Step);
            rest.Run(null, default);
        }

        string[] files = ["metrics.jsonl", "config.json", "checkpoints/step-00000024.safetensors"];
        foreach (var file in files) Assert.Equal(File.ReadAllBytes(folder["whole/" + file]),
            File.ReadAllBytes(folder["parts/" + file]));
        Assert.Equal(6 * 4, File.ReadAllLines(folder["whole/metrics.jsonl"]).Length);
    }

    [Fact]
    public void Each_of_several_dictionaries_is_the_same_as_trained_alone()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        using var all = SaeTraining.Start(folder["all"], Options, Sources.Of(model, Hooks));
        all.Run(null, default);
        using var alone = SaeTraining.Start(folder["alone"], Options with { Dictionaries = [Options.Dictionaries[0]] },
            Sources.Of(model, Hooks));
        alone.Run(null, default);
        using var one = all.Finished("l1");
        using var other = alone.Finished();
        foreach (var (name, tensor) in one.Weights) Kinds.Close(tensor.detach(), other[name].detach(), 0);
    }

    [Fact]
    public void Training_lowers_the_loss_and_the_saved_dictionary_reads_unscaled_activations()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        var source = Sources.Of(model, Sources.Heads);
        var options = Options with
        {
            Dictionaries = [Options.Dictionaries[1] with { Options = new BatchTopKOptions { DIn = 24, DSae = 96,
                K = 8 } }],
            Steps = 150,
            LearningRate = 1e-2,
        };
        using var training = SaeTraining.Start(folder["run"], options, source);
        training.Run(null, default);
        using var dictionary = training.Finished();
        var x = source.Read(0)[0];
        using var noGrad = torch.no_grad();
        var variance = (x - x.mean(0)).square().sum().ToDouble();
        var left = (x - dictionary.Forward(x)).square().sum().ToDouble() / variance;
        Assert.InRange(left, 0, 0.3);
        Assert.InRange(training.LastMetrics[0].ExplainedVariance, 0.7, 1);
        Assert.InRange(training.LastMetrics[0].L0, 4, 8.001);
        // The first rows had a scale that was not 1, or this test would show nothing.
        Assert.NotInRange(Math.Sqrt(24) / torch.linalg.vector_norm(x, 2, [1]).mean().ToDouble(), 0.9, 1.1);
    }

    [Fact]
    public void The_learning_rate_and_the_sparsity_warm_up_and_the_rate_decays()
    {
        using var folder = new TemporaryFolder();
        using var model = Sources.Model();
        using var training = SaeTraining.Start(folder["run"], Options with { MeasureEvery = 1 },
            Sources.Of(model, Hooks));
        training.Run(null, default);
        var rates = File.ReadLines(folder["run/metrics.jsonl"]).Select(line =>
            System.Text.Json.JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("dictionary").GetString() == "l1").Select(line =>
                line.GetProperty("learning_rate").GetDouble() / 3e-3).ToArray();
        Assert.Equal(24, rates.Length);
        Assert.Equal([0.25, 0.5, 0.75, 1], rates[..4].Select(rate => Math.Round(rate, 9)));
        Assert.Equal([1, 1, 0.8, 0.6, 0.4, 0.2], rates[^6..].Select(rate => Math.Round(rate, 9)));
    }

    [Fact]
    public void Decoder_directions_stay_on_the_sphere_where_that_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        var options = Options with
        {
            Dictionaries = [Options.Dictionaries[0]],
            UnitNormDecoder = true,
            ScaleActivations = false
        };
        using var training = SaeTraining.Start(folder["run"], options, Sources.Of(model, Hooks));
        training.Run(null, default);
        using var dictionary = training.Finished();
        Kinds.Close(torch.ones([48]), dictionary.DecoderNorms().detach(), 1e-6);
    }

    [Fact]
    public void Products_in_bfloat16_leave_weights_in_float32_and_train_about_as_well()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var model = Sources.Model();
        double Explained(bool mixed)
        {
            var options = Options with { Steps = 60, LearningRate = 1e-2, MixedPrecision = mixed };
            using var training = SaeTraining.Start(folder["run" + mixed], options, Sources.Of(model, Hooks));
            training.Run(null, default);
            using var dictionary = training.Finished("l1");
            Assert.All(dictionary.Weights, pair => Assert.Equal(ScalarType.Float32, pair.Tensor.dtype));
            // As many digits as bfloat16 has do not hold what float32 weights hold.
            var weights = dictionary["W_dec"].detach();
            Assert.NotEqual(0, (weights - weights.bfloat16().@float()).abs().max().ToDouble());
            return training.LastMetrics[0].ExplainedVariance;
        }

        var (exact, mixed) = (Explained(false), Explained(true));
        Assert.NotEqual(exact, mixed);
        Assert.InRange(mixed, exact - 0.02, exact + 0.02);
    }

    [Fact]
    public void A_training_that_diverges_is_an_error_and_keeps_its_checkpoint()
    {
        using var folder = new TemporaryFolder();
        using var model = Sources.Model();
        var options = Options with { Dictionaries = [Options.Dictionaries[0]], LearningRate = 1e25, WarmUpSteps = 0 };
        using var training = SaeTraining.Start(folder["run"], options with { CheckpointEvery = 1 },
            Sources.Of(model, Hooks));
        var error = Assert.Throws<InvalidDataException>(() => training.Run(null, default));
        Assert.Contains("has diverged", error.Message);
        Assert.False(File.Exists(folder[$"run/checkpoints/step-{training.Step:D8}.safetensors"]));
    }

    [Fact]
    public void The_gradient_is_projected_onto_the_sphere()
    {
        using var scope = torch.NewDisposeScope();
        using var dictionary = Kinds.Create("standard").RequireGradients();
        DecoderConstraint.Normalize(dictionary);
        var x = Kinds.Input(dictionary);
        dictionary.Loss(x, x, LossContext.Default).Total.backward();
        var decoder = dictionary["W_dec"].detach();
        var before = dictionary["W_dec"].grad!.clone();
        DecoderConstraint.ProjectGradient(dictionary);
        var after = dictionary["W_dec"].grad!;
        Assert.True((before * decoder).sum(1).abs().max().ToDouble() > 0.1);
        Kinds.Close(torch.zeros([16]), (after * decoder).sum(1), 1e-5);
        Kinds.Close(before - (before * decoder).sum(1, true) * decoder, after, 1e-5);
    }

    [Fact]
    public void Dead_features_are_resampled_as_published()
    {
        using var scope = torch.NewDisposeScope();
        using var dictionary = Kinds.Create("standard").RequireGradients();
        using var adam = new FusedAdamW(dictionary.Parameters);
        using var generator = new Generator(1);
        var x = Kinds.Input(dictionary, 12);
        var loss = dictionary.Loss(x, x, LossContext.Default);
        loss.Total.backward();
        adam.step();
        var dead = torch.zeros([16], ScalarType.Bool);
        dead.fill_(1, 3);
        dead.fill_(1, 7);
        var untouched = dictionary["W_dec"][4].detach().clone();
        var alive = torch.linalg.vector_norm(dictionary["W_enc"].detach(), 2,
            [0])[dead.logical_not()].mean().ToDouble();
        Assert.Equal(2, Resampling.Resample(dictionary, x, loss.Output.detach(), dead, generator, adam, 0));
        using var noGrad = torch.no_grad();
        Kinds.Close(untouched, dictionary["W_dec"][4], 0);
        foreach (var i in new[] { 3, 7 })
        {
            Assert.Equal(1, dictionary["W_dec"][i].norm().ToDouble(), 5);
            Kinds.Close(dictionary["W_dec"][i] * (0.2 * alive), dictionary["W_enc"][.., i], 1e-5);
            Assert.Equal(0, dictionary["b_enc"][i].ToDouble());
            // The direction is that of an input.
            var cosines = torch.nn.functional.normalize(x - dictionary["b_dec"]).MatMul(dictionary["W_dec"][i]);
            Assert.True(cosines.max().ToDouble() > 0.9999);
        }

        foreach (var moment in new[] { 0, 1 })
        {
            Assert.Equal(0, adam.Moments(0)[moment][.., 3].abs().sum().ToDouble());
            Assert.Equal(0, adam.Moments(2)[moment][7].abs().sum().ToDouble());
            Assert.NotEqual(0, adam.Moments(2)[moment][4].abs().sum().ToDouble());
        }
    }

    [Fact]
    public void A_run_with_resampling_revives_features_that_never_fire()
    {
        using var folder = new TemporaryFolder();
        using var model = Sources.Model();
        var spec = Options.Dictionaries[0] with
        {
            Options = new StandardOptions
            {
                DIn = 24,
                DSae = 64,
                L1Coefficient = 3
            }
        };
        var options = Options with
        {
            Dictionaries = [spec],
            Steps = 120,
            LearningRate = 1e-2,
            SparsityWarmUpSteps = 0,
            MeasureEvery = 1,
            ResampleEvery = 60
        };
        using var training = SaeTraining.Start(folder["run"], options, Sources.Of(model, Hooks));
        training.Run(null, default);
        var resampled = File.ReadLines(folder["run/metrics.jsonl"])
            .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("resampled").GetInt64())
            .ToArray();
        Assert.True(resampled[59] > 0, "the price is high enough that some die");
        Assert.All(resampled.Where((_, i) => i is not (59 or 119)), count => Assert.Equal(0, count));
    }

    [Fact]
    public void Other_activations_than_those_of_the_run_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var model = Sources.Model();
        SaeTraining.Start(folder["run"], Options, Sources.Of(model, Hooks)).Dispose();
        var other = new ModelActivations(model, Sources.Sequences(model, 300), Hooks,
            new ModelActivationsOptions { Sequences = 4, SkipPositions = 1, Seed = 3 });
        Assert.Contains("tokens was", Assert.Throws<InvalidDataException>(() =>
            SaeTraining.Resume(folder["run"], other)).Message);
    }

    [Fact]
    public void Options_that_do_not_fit_leave_no_folder_behind()
    {
        using var folder = new TemporaryFolder();
        using var model = Sources.Model();
        var narrow = Options with
        {
            Dictionaries =
            [Options.Dictionaries[0] with { Options = new StandardOptions { DIn = 23, DSae = 8 } }]
        };
        Assert.Contains("24 wide", Assert.Throws<ArgumentException>(() =>
            SaeTraining.Start(folder["run"], narrow, Sources.Of(model, Hooks))).Message);
        var small = Options with { BufferRows = 63 };
        Assert.Contains("BufferRows 63", Assert.Throws<ArgumentException>(() =>
            SaeTraining.Start(folder["run"], small, Sources.Of(model, Hooks))).Message);
        var resample = Options with { ResampleEvery = 5 };
        Assert.Contains("'topk'", Assert.Throws<ArgumentException>(() =>
            SaeTraining.Start(folder["run"], resample, Sources.Of(model, Hooks))).Message);
        Assert.False(Directory.Exists(folder["run"]));
    }

    private static void Stop(Func<SaeTraining> open, int atStep, bool cancel)
    {
        using var stop = new CancellationTokenSource();
        using var training = open();
        var progress = new At(atStep, () =>
        {
            if (cancel) stop.Cancel();
            else throw new InvalidOperationException("killed");
        });
        if (cancel) Assert.Throws<OperationCanceledException>(() => training.Run(progress, stop.Token));
        else Assert.Throws<InvalidOperationException>(() => training.Run(progress, stop.Token));
    }

    private sealed class At(int step, Action act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step) act();
        }
    }
}
