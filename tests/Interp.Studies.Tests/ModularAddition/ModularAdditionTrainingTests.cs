using Interp.Studies.ModularAddition;
using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.ModularAddition;

public sealed class ModularAdditionTrainingTests : TrainingTestBase
{
    private static readonly ModularAdditionOptions Tiny = new()
    {
        Modulus = 11,
        ModelWidth = 16,
        Heads = 2,
        Neurons = 32,
        TrainFraction = 0.5,
        Epochs = 30,
        MeasureEvery = 5,
        CheckpointEvery = 10,
        Snapshots = 6,
    };

    [Fact]
    public void A_run_that_was_cancelled_and_resumed_gives_the_same_bytes_as_one_that_was_not()
    {
        Train("whole", stopAt: null);
        Train("stopped", stopAt: 13);
        Resume("stopped", from: 13);
        Assert.Equal(Files("whole"), Files("stopped"));
    }

    [Fact]
    public void A_run_that_died_starts_from_its_checkpoint_or_over_and_leaves_no_remains()
    {
        Train("whole", stopAt: null);
        Train("died", stopAt: 20);
        // As if killed at epoch 27, within writing.
        File.AppendAllText(In("died", "metrics.jsonl"), "{\"step\":25,\"train_loss\":9}\n{\"step\":2");
        File.WriteAllText(In("died", "snapshots/.epoch-00000025.safetensors.x.tmp"), "half");
        File.WriteAllText(In("died", "checkpoints/.step-00000030.safetensors.x.tmp"), "half");
        Resume("died", from: 20);
        Assert.Equal(Files("whole"), Files("died"));

        Train("early", stopAt: 3);
        foreach (var checkpoint in Directory.GetFiles(In("early", "checkpoints"))) File.Delete(checkpoint);
        Resume("early", from: 0);
        Assert.Equal(Files("whole"), Files("early"));
    }

    [Fact]
    public void A_run_keeps_two_checkpoints_snapshots_within_their_number_and_a_line_every_measurement()
    {
        Train("run", stopAt: null);
        Assert.Equal(2, Directory.GetFiles(In("run", "checkpoints")).Length);
        Assert.Equal([0L, 5, 10, 15, 20, 25, 30], ModularRun.TryOpen(In("run"))!.Snapshots.Select(snapshot => snapshot.Epoch));
        Assert.Equal([0L, 5, 10, 15, 20, 25, 30], ModularRun.TryOpen(In("run"))!.Metrics.Select(line => line.Step));
        Assert.InRange(Tiny with { Epochs = 1001, Snapshots = 200 } is var o ? o.Epochs / o.SnapshotEvery : 0, 100, 200);
    }

    [Fact]
    public void The_training_pairs_are_learned_first()
    {
        Train("run", stopAt: null, Tiny with { Epochs = 300, MeasureEvery = 300, LearningRate = 3e-3 });
        var last = ModularRun.TryOpen(In("run"))!.Metrics[^1];
        Assert.Equal(1, last.TrainAccuracy);
        Assert.True(last.TrainLoss < 0.1 && last.TestLoss > 1, last.ToString());
    }

    [Fact]
    public void A_step_leaves_no_tensors_behind()
    {
        using var training = ModularAdditionTraining.Start(In("run"), Tiny);
        for (var k = 0; k < 50; k++) training.TrainStep();
        Assert.Equal(0, Scope.DisposablesCount);
    }

    [Fact]
    public void Progress_measured_from_snapshots_agrees_with_the_losses_measured_in_training()
    {
        Train("run", stopAt: null);
        var run = ModularRun.TryOpen(In("run"))!;
        var progress = run.MeasureProgress([1, 3]);
        Assert.Equal(run.Metrics.Count, progress.Count);
        foreach (var (line, measured) in run.Metrics.Zip(progress))
        {
            // "=" is an output in training and none in the analysis: the loss there can only be less.
            Assert.InRange(measured.TestLoss, line.TestLoss - 0.5, line.TestLoss + 1e-9);
            Assert.Equal(line.SquaredWeights, measured.SquaredWeights, 1e-6 * line.SquaredWeights);
            Assert.Equal([1, 3], measured.ExcludedByFrequency.Keys);
        }
    }

    [Theory]
    [InlineData("ModelWidth 18"), InlineData("modulus is 12"), InlineData("TrainFraction 1.5")]
    public void Options_that_do_not_go_together_are_an_error(string message)
    {
        var options = message switch
        {
            "ModelWidth 18" => Tiny with { ModelWidth = 18, Heads = 4 },
            "modulus is 12" => Tiny with { Modulus = 12 },
            _ => Tiny with { TrainFraction = 1.5 },
        };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => options.Validate()).Message);
    }

    [Fact]
    public void Files_of_a_run_that_are_damaged_are_an_error_that_names_them()
    {
        Train("run", stopAt: 3);
        File.WriteAllText(In("run", "metrics.jsonl"), "{\"step\":1,\"nonsense\":2}\n");
        Assert.Contains("metrics.jsonl", Assert.Throws<IOException>(() => ModularRun.TryOpen(In("run"))).Message);
        Assert.Null(ModularRun.TryOpen(In()));
    }

    private void Resume(string name, long from)
    {
        using var resumed = ModularAdditionTraining.Resume(In(name));
        Assert.Equal(from, resumed.Step);
        resumed.Run(null, CancellationToken.None);
    }

    private void Train(string name, int? stopAt, ModularAdditionOptions? options = null)
    {
        using var training = ModularAdditionTraining.Start(In(name), options ?? Tiny);
        Run(training.Run, stopAt);
        if (stopAt is not null) Assert.Equal(stopAt.Value, training.Step);
    }

    /// <summary>Every file of a run with its content; of the checkpoints only the last, since others depend on stops.</summary>
    private Dictionary<string, string> Files(string name) => Directory.EnumerateFiles(In(name), "*", SearchOption.AllDirectories)
        .Where(file => !file.Contains("checkpoints") || file.EndsWith("step-00000030.safetensors", StringComparison.Ordinal) || file.EndsWith(".tmp", StringComparison.Ordinal))
        .ToDictionary(file => Path.GetRelativePath(In(name), file), file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
}
