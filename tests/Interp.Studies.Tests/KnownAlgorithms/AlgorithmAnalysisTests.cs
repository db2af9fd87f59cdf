using Interp.Circuits.Heads;
using Interp.Models;
using Interp.Studies.KnownAlgorithms;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.KnownAlgorithms;

/// <summary>The published models are found to do what they are known to do, and untrained ones are not.</summary>
public class AlgorithmAnalysisTests
{
    private static readonly AlgorithmOptions Few = new() { Examples = 480 };

    [SharedTheory("weights/arena-monthly", "weights/arena-brackets")]
    [InlineData("sorted-list", "L0H0, L0H1")]
    [InlineData("first-unique", "L0H0, L0H1, L0H2, L1H0, L1H1, L1H2")]
    [InlineData("palindromes", "L0H0, L1H0")]
    [InlineData("brackets", "L0H0, L1H0, L2H1")]
    public void Every_claim_holds_for_the_published_model(string name, string heads)
    {
        var task = AlgorithmTask.All.Single(task => task.Name == name);
        using var model = HookedTransformer.Load(SharedData.Path(Path.Combine("weights", task.File)));
        var analysis = AlgorithmAnalysis.Of(model, task, Few);
        Assert.All(analysis.Verdicts(), verdict => Assert.True(verdict.Holds, $"{verdict.Claim}: {verdict.Measured}"));
        Assert.Equal(heads, string.Join(", ", analysis.Heads.OrderBy(head => (head.Layer, head.Index))));
    }

    [SharedFact("weights/arena-monthly")]
    public void The_heads_that_look_at_the_mirror_image_and_at_differences_are_named()
    {
        var task = new PalindromeTask();
        using var model = HookedTransformer.Load(SharedData.Path(Path.Combine("weights", task.File)));
        var roles = AlgorithmAnalysis.Of(model, task, Few).Roles;
        Assert.Equal(new HeadName(0, 0), Assert.Single(roles[0].Holders));
        Assert.Equal(new HeadName(1, 0), Assert.Single(roles[1].Holders));
    }

    [Fact]
    public void Nothing_holds_for_an_untrained_model() => Assert.All(AlgorithmTask.All, task =>
    {
        using var model = Untrained(task);
        var verdicts = AlgorithmAnalysis.Of(model, task, new AlgorithmOptions { Examples = 60 }).Verdicts();
        Assert.All(verdicts, verdict =>
            Assert.False(verdict.Holds, $"{task.Name}, {verdict.Claim}: {verdict.Measured}"));
        Assert.True(verdicts.Count >= 4);
    });

    [Fact]
    public void A_model_with_too_few_tokens_is_an_error_that_says_how_many_are_needed()
    {
        using var model = Untrained(new BracketsTask());
        var error = Assert.Throws<ArgumentException>(() => AlgorithmAnalysis.Of(model, new PalindromeTask()));
        Assert.Contains("palindromes needs 33 tokens and 22 positions", error.Message);
    }

    private static HookedTransformer Untrained(AlgorithmTask task)
    {
        using var generator = new Generator(0);
        var brackets = task is BracketsTask;
        return ModelInitializer.Create(new HookedTransformerConfig
        {
            NLayers = 2,
            DModel = 24,
            NHeads = 2,
            DHead = 12,
            DMlp = brackets ? 8 : 0,
            ActFn = brackets ? "relu" : null,
            AttnOnly = !brackets,
            NCtx = 22,
            DVocab = task.Vocabulary,
            DVocabOut = task is BracketsTask or PalindromeTask ? 2 : null,
            AttentionDir = brackets ? AttentionDirection.Bidirectional : AttentionDirection.Causal,
        }, generator);
    }
}
