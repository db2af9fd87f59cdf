using Interp.Studies.InductionHeads.Formation;
using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.InductionHeads.Formation;

public sealed class FormationTrainingTests : TrainingTestBase
{
    private static readonly FormationOptions Tiny = new()
    {
        ModelWidth = 16,
        Heads = 2,
        Context = 28,
        MaxPeriod = 9,
        Vocabulary = 20,
        Batch = 8,
        Steps = 40,
        MeasureEvery = 5,
    };

    [Fact]
    public void A_study_trains_both_depths_of_every_seed_goes_on_where_it_was_stopped_and_is_read_again()
    {
        var reports = new List<TrainingProgress>();
        var whole = FormationStudy.Train(In("whole"), Tiny, 2, new Immediate(reports.Add), CancellationToken.None);
        Assert.Equal([(1, 0ul), (1, 1ul), (2, 0ul), (2, 1ul)], whole.Runs.Select(run => (run.Options.Layers, run.Options.Seed)));
        Assert.Equal((160, 160), (reports[^1].Step, reports[^1].Steps));
        Assert.All(whole.Runs, run => Assert.Equal(9, run.Metrics.Count)); // step 0 and every fifth

        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => FormationStudy.Train(In("stopped"), Tiny, 2, new Immediate(p =>
        {
            if (p.Step == 53) stop.Cancel();
        }), stop.Token));
        var resumed = FormationStudy.Train(In("stopped"), Tiny, 2, null, CancellationToken.None);
        foreach (var (one, other) in whole.Runs.Zip(resumed.Runs))
            Assert.Equal(File.ReadAllText(Path.Combine(one.Path, "metrics.jsonl")), File.ReadAllText(Path.Combine(other.Path, "metrics.jsonl")));
        Assert.Contains("other options", Assert.Throws<IOException>(() =>
            FormationStudy.Train(In("whole"), Tiny with { Batch = 4 }, 1, null, CancellationToken.None)).Message);
    }

    [Fact]
    public void A_saved_study_keeps_all_measurements_and_weights_that_give_them_again()
    {
        var study = FormationStudy.Train(In("run"), Tiny, 1, null, CancellationToken.None);
        var path = In("saved");
        FormationFolder.Save(study, path, "the command");
        var saved = FormationStudy.Open(path);
        foreach (var (one, other) in study.Runs.Zip(saved.Runs))
        {
            Assert.Equal(one.Metrics.Select(m => m.RepeatedLoss), other.Metrics.Select(m => m.RepeatedLoss));
            Assert.Equal([0, 20, 40], other.Snapshots);
            Assert.Equal(one.Metrics[4].LossByPosition, other.Measure(20).LossByPosition);
        }
        Assert.Contains("`the command`", File.ReadAllText(Path.Combine(path, "README.md")));
        Assert.Contains("no weights of step 5; there are those of 0, 20, 40", Assert.Throws<IOException>(() => saved.Runs[0].LoadModel(5)).Message);
    }

    [Fact]
    public void Training_lowers_the_loss_of_text_towards_the_bigrams()
    {
        var path = In("text");
        using (var training = FormationTraining.Start(path, Tiny with { Steps = 120, MeasureEvery = 120 })) training.Run(null, CancellationToken.None);
        var metrics = FormationRun.Open(path).Metrics;
        Assert.True(metrics[^1].TextLoss < metrics[0].TextLoss - 0.4, $"{metrics[0].TextLoss} → {metrics[^1].TextLoss}");
    }

    [Fact]
    public void The_language_has_rows_that_sum_to_one_and_the_entropy_that_its_text_has()
    {
        using var language = new BigramLanguage(48);
        var p = language.Probabilities;
        Assert.True(p.sum(-1).allclose(torch.ones([48])));
        Assert.Equal(0, p.select(1, 0).sum().ToSingle()); // the start token never comes again
        Assert.Equal(4, p[7].gt(0.05).sum().ToInt64()); // four likely successors
        using var generator = new Generator(3);
        var text = language.Draw(400, 30, generator);
        Assert.Equal(1, text.min().ToInt64());
        var losses = -p[text[.., ..^1].flatten()].gather(1, text[.., 1..].flatten().unsqueeze(1)).log();
        Assert.Equal(language.Entropy, losses.mean().ToSingle(), 0.05);
    }

    [Fact]
    public void Half_of_a_batch_is_text_and_half_repeats()
    {
        using var language = new BigramLanguage(Tiny.Vocabulary);
        using var generator = new Generator(3);
        var tokens = FormationData.Draw(Tiny, language, 64, generator);
        Assert.Equal([64, Tiny.Context], tokens.shape);
        Assert.True(tokens.select(1, 0).eq(0).all().ToBoolean());
        bool Repeats(long[] row) => Enumerable.Range(Tiny.MinPeriod, Tiny.MaxPeriod - Tiny.MinPeriod + 1)
            .Any(period => Enumerable.Range(1, row.Length - 1 - period).All(at => row[at] == row[at + period]));
        Assert.All(Enumerable.Range(32, 32), row => Assert.True(Repeats(tokens[row].ToArray<long>())));
        Assert.All(Enumerable.Range(0, 32), row => Assert.False(Repeats(tokens[row].ToArray<long>())));
    }

    [Theory, InlineData("Batch 1"), InlineData("Vocabulary 200"), InlineData("Context 20")]
    public void Options_that_do_not_go_together_are_an_error(string message)
    {
        var options = message[0] switch { 'B' => Tiny with { Batch = 1 }, 'V' => Tiny with { Vocabulary = 200 }, _ => Tiny with { Context = 20, MaxPeriod = 12 } };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => options.Validate()).Message);
    }

    [Fact]
    public void A_folder_without_trainings_is_an_error_that_says_how_to_make_some() =>
        Assert.Contains("interp train formation --out", Assert.Throws<IOException>(() => FormationStudy.Open(In())).Message);
}
