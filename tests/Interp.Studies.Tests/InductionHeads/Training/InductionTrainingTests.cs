using Interp.Studies.InductionHeads.Training;
using Interp.Tensors;
using Interp.Training;
using Interp.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.InductionHeads.Training;

public sealed class InductionTrainingTests : TrainingTestBase
{
    private static readonly InductionTrainingOptions Tiny = new()
    {
        ModelWidth = 16,
        Heads = 2,
        Context = 32,
        MinPeriod = 4,
        MaxPeriod = 12,
        Batch = 4,
        Steps = 30,
        MeasureEvery = 5,
        CheckpointEvery = 10,
    };

    [Fact]
    public void A_run_that_was_cancelled_and_resumed_gives_the_same_bytes_as_one_that_was_not()
    {
        Train("whole", stopAt: null);
        Train("stopped", stopAt: 13);
        using (var resumed = InductionTraining.Resume(In("stopped")))
        {
            Assert.Equal(13, resumed.Step);
            resumed.Run(null, CancellationToken.None);
        }
        Assert.Equal(Final("whole"), Final("stopped"));
        Assert.Equal(Metrics("whole"), Metrics("stopped"));
    }

    [Fact]
    public void A_run_that_died_after_a_checkpoint_takes_back_the_metrics_written_since()
    {
        Train("whole", stopAt: null);
        Train("died", stopAt: 20);
        // As if killed at step 27: lines beyond the checkpoint, the last of them cut off.
        File.AppendAllText(In("died", "metrics.jsonl"), "{\"step\":25,\"loss\":9}\n{\"step\":2");
        using (var resumed = InductionTraining.Resume(In("died"))) resumed.Run(null, CancellationToken.None);
        Assert.Equal(Metrics("whole"), Metrics("died"));
        Assert.Equal(Final("whole"), Final("died"));
    }

    [Fact]
    public void A_run_keeps_two_checkpoints_and_a_line_every_measurement()
    {
        Train("run", stopAt: null);
        Assert.Equal(2, Directory.GetFiles(In("run", "checkpoints")).Length);
        Assert.Equal(6, Metrics("run").Length);
        Assert.Contains("\"model_width\": 16", File.ReadAllText(In("run", "config.json")));
    }

    [Fact]
    public void The_loss_falls()
    {
        Train("run", stopAt: null, Tiny with { Steps = 60, LearningRate = 5e-3 });
        using var first = System.Text.Json.JsonDocument.Parse(Metrics("run")[0]);
        using var last = System.Text.Json.JsonDocument.Parse(Metrics("run")[^1]);
        Assert.True(last.RootElement.GetProperty("loss").GetDouble() < first.RootElement.GetProperty("loss").GetDouble());
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_not_overwritten_and_one_without_cannot_be_resumed()
    {
        Train("run", stopAt: 1);
        Assert.Contains("--resume", Assert.Throws<IOException>(() => InductionTraining.Start(In("run"), Tiny)).Message);
        Assert.Contains("no run to resume", Assert.Throws<IOException>(() => InductionTraining.Resume(In("none"))).Message);
    }

    [Fact]
    public void A_checkpoint_of_another_training_or_a_damaged_one_is_an_error()
    {
        Train("run", stopAt: null);
        var newest = RunFolder.Open<InductionTrainingOptions>(In("run")).Run.NewestCheckpoint()!;
        var config = In("run", "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"model_width\": 16", "\"model_width\": 32"));
        Assert.Contains("has the shape", Assert.Throws<InvalidDataException>(() => InductionTraining.Resume(In("run"))).Message);
        File.WriteAllBytes(newest, File.ReadAllBytes(newest)[..1000]);
        Assert.Throws<WeightsFormatException>(() => InductionTraining.Resume(In("run")));
    }

    [Fact]
    public void Sequences_repeat_with_a_period_of_their_own()
    {
        using var generator = new Generator(3);
        var (tokens, from) = InductionData.Draw(Tiny with { Batch = 64 }, 97, generator);
        var starts = from.ToArray<long>();
        Assert.True(starts.Distinct().Count() > 5);
        for (var row = 0; row < 64; row++)
        {
            var ids = tokens[row].ToArray<long>();
            var period = (int)starts[row] - 1;
            Assert.Equal(0, ids[0]);
            Assert.DoesNotContain(0L, ids[1..]);
            for (var p = 1; p + period < ids.Length; p++) Assert.Equal(ids[p], ids[p + period]);
        }
    }

    [Theory]
    [InlineData("Context 20"), InlineData("ModelWidth 10")]
    public void Options_that_do_not_go_together_are_an_error(string message)
    {
        var options = message.StartsWith("Context") ? Tiny with { Context = 20 } : Tiny with { ModelWidth = 10, Heads = 4 };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => options.Validate()).Message);
    }

    private void Train(string name, int? stopAt, InductionTrainingOptions? options = null)
    {
        using var training = InductionTraining.Start(In(name), options ?? Tiny);
        Run(training.Run, stopAt);
        if (stopAt is not null) Assert.Equal(stopAt.Value, training.Step);
    }

    private string[] Metrics(string name) => File.ReadAllLines(In(name, "metrics.jsonl"));

    private byte[] Final(string name) => File.ReadAllBytes(In(name, "checkpoints", "step-00000030.safetensors"));
}
