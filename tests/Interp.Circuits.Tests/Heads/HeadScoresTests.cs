using Interp.Circuits.Heads;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Circuits.Tests.Heads;

public sealed class HeadScoresTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_pattern_that_looks_one_back_scores_1_as_previous_token_head_and_0_else()
    {
        using var sequences = Sequences();
        var score = Score(sequences, t => t - 1);
        Assert.Equal((1.0, 0.0, 0.0), Rounded(score));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_pattern_that_looks_at_an_earlier_copy_scores_1_as_duplicate_token_head(int back)
    {
        using var sequences = Sequences();
        var score = Score(sequences, t => Math.Max(t - back * sequences.Period, t % sequences.Period));
        Assert.Equal(0, score.PreviousToken, 6);
        Assert.Equal(1, score.DuplicateToken, 6);
        Assert.Equal(0, score.Induction, 6);
    }

    [Fact]
    public void A_pattern_that_looks_behind_the_earlier_copy_scores_1_as_induction_head()
    {
        using var sequences = Sequences();
        var score = Score(sequences, t => t >= sequences.Period ? t - sequences.Period + 1 : 0);
        Assert.Equal(0, score.DuplicateToken, 6);
        Assert.Equal(1, score.Induction, 6);
    }

    [Fact]
    public void A_uniform_pattern_scores_its_share_of_the_keys()
    {
        using var sequences = Sequences();
        var length = (int)sequences.Tokens.size(1);
        var uniform = torch.ones([2, 1, length, length]).tril();
        uniform = uniform / uniform.sum(-1, true);
        var score = HeadScores.Score(0, uniform, sequences).Single();
        double Mean(int first, Func<int, double> share) => Enumerable.Range(first, length - first).Average(share);
        Assert.Equal(Mean(1, t => 1.0 / (t + 1)), score.PreviousToken, 5);
        // Every token of copy c + 1 has c earlier copies.
        Assert.Equal(Mean(sequences.Period, t => t / sequences.Period / (t + 1.0)), score.Induction, 5);
    }

    [Fact]
    public void A_layers_heads_are_scored_each_and_in_order()
    {
        using var model = SmallModels.Attention(layers: 3, heads: 4);
        var found = HeadScores.Measure(model, new HeadScoreOptions { Sequences = 2 });
        Assert.Equal(Enumerable.Range(0, 12).Select(k => (k / 4, k % 4)), found.Heads.Select(h => (h.Layer, h.Head)));
        Assert.All(found.Heads, h => Assert.InRange(h.PreviousToken, 0.0, 1.0));
        Assert.Equal("L2H3", found.Heads[^1].Label);
    }

    [Fact]
    public void The_same_seed_gives_the_same_scores_and_another_seed_others()
    {
        using var model = SmallModels.Attention();
        IReadOnlyList<HeadScore> Measure(ulong seed) => HeadScores.Measure(model, new HeadScoreOptions { Seed = seed }).Heads;
        Assert.Equal(Measure(4), Measure(4));
        Assert.NotEqual(Measure(4), Measure(5));
    }

    [Theory, InlineData(128, 50, 25, 4), InlineData(21, 50, 10, 2), InlineData(60, 50, 25, 2), InlineData(128, 12, 12, 4), InlineData(4, 50, 2, 2)]
    public void Sequences_fit_the_context_and_the_vocabulary(int context, int vocabulary, int period, int repeats)
    {
        using var model = SmallModels.Attention(context: context, vocabulary: vocabulary);
        using var sequences = RepeatedSequences.Create(model, new HeadScoreOptions());
        Assert.Equal((period, repeats), (sequences.Period, sequences.Repeats));
        Assert.True(sequences.Tokens.size(1) <= context);
        var first = sequences.Tokens[0].ToArray<long>();
        Assert.Equal(period, first.Take(period).Distinct().Count());
        Assert.Equal(first.Take(period), first.Skip(period).Take(period));
    }

    [Fact]
    public void A_context_too_short_to_repeat_anything_is_an_error() =>
        Assert.Contains("a context of 3", Assert.Throws<ArgumentException>(() => HeadScores.Measure(SmallModels.Attention(context: 3))).Message);

    private static RepeatedSequences Sequences()
    {
        using var model = SmallModels.Attention();
        return RepeatedSequences.Create(model, new HeadScoreOptions { Sequences = 2 });
    }

    /// <summary>The score of a head that puts all attention of t on one position.</summary>
    private static HeadScore Score(RepeatedSequences sequences, Func<int, int> target)
    {
        var length = (int)sequences.Tokens.size(1);
        var pattern = new float[2 * length * length];
        for (var b = 0; b < 2; b++)
            for (var t = 0; t < length; t++) pattern[(b * length + t) * length + Math.Clamp(target(t), 0, t)] = 1;
        return HeadScores.Score(0, torch.tensor(pattern, [2, 1, length, length]), sequences).Single();
    }

    private static (double, double, double) Rounded(HeadScore s) =>
        (Math.Round(s.PreviousToken, 6), Math.Round(s.DuplicateToken, 6), Math.Round(s.Induction, 6));
}
