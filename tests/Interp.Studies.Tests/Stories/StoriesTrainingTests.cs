using Interp.Models;
using Interp.Studies.Stories;
using Interp.Studies.Stories.Grammar;
using Interp.Tensors;
using Interp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.Stories;

public sealed class StoriesTrainingTests : TrainingTestBase
{
    private static readonly StoriesTrainingOptions Tiny = new()
    {
        Layers = 1,
        ModelWidth = 16,
        Heads = 2,
        MlpWidth = 32,
        Vocabulary = 400,
        VocabularyStories = 50,
        Context = 256,
        Batch = 2,
        Steps = 12,
        MeasureEvery = 6,
        CheckpointEvery = 4,
    };

    [Fact]
    public void A_run_that_was_cancelled_and_resumed_gives_the_same_bytes_as_one_that_was_not()
    {
        Train("whole", stopAt: null);
        Train("stopped", stopAt: 7);
        using (var resumed = StoriesTraining.Resume(In("stopped")))
        {
            Assert.Equal(7, resumed.Step);
            Assert.Equal(6, resumed.LastMetrics!.Step);
            resumed.Run(null, CancellationToken.None);
        }
        Assert.Equal(File.ReadAllBytes(Last("whole")), File.ReadAllBytes(Last("stopped")));
        Assert.Equal(File.ReadAllText(In("whole", "metrics.jsonl")), File.ReadAllText(In("stopped", "metrics.jsonl")));
    }

    [Fact]
    public void A_finished_run_saves_a_model_with_its_tokenizer_that_gives_the_same_logits_when_it_is_loaded()
    {
        using var training = StoriesTraining.Start(In("run"), Tiny with { Steps = 2 });
        Assert.Throws<InvalidOperationException>(() => training.SaveModel(In("model"), "interp"));
        training.Run(null, CancellationToken.None);
        var scores = training.SaveModel(In("model"), "interp train stories --steps 2", stories: 5);
        using var model = HookedTransformer.Load(In("model"));
        long[] ids = [model.Tokenizer!.BosId!.Value, .. model.Tokenizer.Encode("When Mary and John went to the shop,")];
        var tokens = torch.tensor(ids, [1, ids.Length]);
        using var noGrad = torch.no_grad();
        Assert.Equal(0, (model.Forward(tokens) - training.Model.Forward(tokens)).abs().max().ToSingle(), 1e-6);
        Assert.Equal([0L], model.Tokenizer.PrefixIds);

        var card = File.ReadAllText(In("model", "README.md"));
        Assert.Contains("`interp train stories --steps 2`", card);
        Assert.Contains($"{scores.Loss:F4} nats", card);
        Assert.Contains("drawn anew for every row", card);
    }

    [Fact]
    public void The_time_of_a_run_is_that_of_its_parts_without_the_pause_between_them()
    {
        var clock = new SteppedClock();
        using (var training = StoriesTraining.Start(In("run"), Tiny with { Steps = 8 }, clock: clock))
        {
            clock.Now += TimeSpan.FromSeconds(30);
            using var stop = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => training.Run(new Immediate(_ => stop.Cancel()), stop.Token));
        }
        clock.Now += TimeSpan.FromHours(5);
        using var resumed = StoriesTraining.Resume(In("run"), clock: clock);
        clock.Now += TimeSpan.FromSeconds(12);
        Assert.Equal(42, resumed.Elapsed.TotalSeconds, 1e-6);
    }

    [Fact]
    public void The_loss_falls()
    {
        using var training = StoriesTraining.Start(In("run"), Tiny with { Steps = 60, LearningRate = 1e-2, CheckpointEvery = 60, MeasureEvery = 60 });
        var losses = new List<double>();
        training.Run(new Immediate(progress => losses.Add(progress.Loss)), CancellationToken.None);
        Assert.InRange(losses[0], 5.5, 6.5); // about ln 400
        Assert.True(losses[^1] < losses[0] - 1.5, $"from {losses[0]} to {losses[^1]}");
        Assert.True(training.LastMetrics!.Loss > training.LastMetrics.Entropy);
    }

    [Fact]
    public void Rows_are_stories_behind_start_tokens_with_what_the_grammar_marks_and_the_same_for_the_same_step()
    {
        using var training = StoriesTraining.Start(In("run"), Tiny);
        var tokenizer = training.Model.Tokenizer!;
        var grammar = new StoryGrammar();
        var rows = new StoryRows(grammar, tokenizer, seed: 5);
        var (tokens, known) = rows.Draw(3, rows: 4, length: 600);
        Assert.Equal(tokens.ToArray<long>(), rows.Draw(3, 4, 600).Tokens.ToArray<long>());
        Assert.NotEqual(tokens.ToArray<long>(), rows.Draw(4, 4, 600).Tokens.ToArray<long>());
        Assert.NotEqual(tokens.ToArray<long>(), new StoryRows(grammar, tokenizer, seed: 6).Draw(3, 4, 600).Tokens.ToArray<long>());
        for (var row = 0; row < 4; row++)
        {
            var (ids, marks) = (tokens[row].ToArray<long>(), known[row].ToArray<bool>());
            var first = grammar.Write(StoryStream.Training.Story(5, (ulong)(3 * 4 + row) * 64));
            var length = Array.IndexOf(ids, 0L, 1) is var end && end > 0 ? end : ids.Length;
            Assert.Equal(0, ids[0]);
            Assert.Equal(first.Text, tokenizer.Decode(ids.AsSpan(1..length)));
            Assert.Equal(first.Marks.Count, marks[..length].Count(mark => mark));
            var place = Array.IndexOf(marks, true);
            Assert.Equal(first.Marks[0].Start, tokenizer.Decode(ids.AsSpan(1..place)).Length);
        }
    }

    [Fact]
    public void What_the_grammar_knows_counts_more_from_the_step_on_that_the_options_name()
    {
        double[] Losses(int from)
        {
            using var training = StoriesTraining.Start(In($"from {from}"), Tiny with { Steps = 3, Emphasis = 100, EmphasisFrom = from });
            var losses = new List<double>();
            training.Run(new Immediate(progress => losses.Add(progress.Loss)), CancellationToken.None);
            return [.. losses];
        }

        var (never, late, always) = (Losses(10), Losses(2), Losses(0));
        Assert.Equal(never[..2], late[..2]);
        Assert.NotEqual(never[2], late[2]);
        Assert.NotEqual(never[0], always[0]);
        Assert.Equal(Math.Log(400), always[0], 0.5);
    }

    [Theory]
    [InlineData("ModelWidth 10"), InlineData("Vocabulary 100"), InlineData("Context is 4")]
    public void Options_that_do_not_go_together_are_an_error(string message)
    {
        var options = message[0] switch
        {
            'M' => Tiny with { ModelWidth = 10, Heads = 4 },
            'V' => Tiny with { Vocabulary = 100 },
            _ => Tiny with { Context = 4 },
        };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => options.Validate()).Message);
    }

    private void Train(string name, int? stopAt)
    {
        using var training = StoriesTraining.Start(In(name), Tiny);
        Run(training.Run, stopAt);
        if (stopAt is not null) Assert.Equal(stopAt.Value, training.Step);
    }

    private string Last(string name) => In(name, "checkpoints", "step-00000012.safetensors");

    private sealed class SteppedClock : TimeProvider
    {
        internal TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
