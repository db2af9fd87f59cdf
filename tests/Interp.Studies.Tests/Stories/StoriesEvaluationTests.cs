using Interp.Models;
using Interp.Studies.Stories;
using Interp.Studies.Stories.Grammar;
using Interp.Tensors;
using Interp.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.Stories;

public sealed class StoriesEvaluationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("interp-test-").FullName;
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_model_that_knows_nothing_has_the_loss_of_guessing_and_a_model_of_one_word_is_right_where_that_word_is()
    {
        using var model = Blank();
        var vocabulary = model.Config.DVocab;
        var scores = StoriesEvaluation.Measure(model, stories: 40, seed: 3);
        Assert.Equal(Math.Log(vocabulary), scores.Loss, 1e-4);
        Assert.All(scores.Behaviours, score => Assert.True(score.Places > 0, $"{score.Behaviour}"));
        var pronoun = scores[StoryBehaviour.Pronoun];
        Assert.Equal(1.0 / vocabulary, pronoun.Probability, 1e-6);

        // All inputs equal, so the unembedding of one token decides everywhere.
        using var noGrad = torch.no_grad();
        model.Weights.LnFinal!.Bias!.fill_(1.0);
        model.Weights.Unembed.Weight.select(1, model.Tokenizer!.Encode(" her")[0]).fill_(1.0);
        var her = StoriesEvaluation.Measure(model, stories: 40, seed: 3);
        var grammar = new StoryGrammar(split: StorySplit.HeldOut);
        var pronouns = Enumerable.Range(0, 40).SelectMany(i => grammar.Write(StoryStream.Evaluation.Story(3, (ulong)i)).Marks)
            .Where(mark => mark.Behaviour == StoryBehaviour.Pronoun).ToList();
        Assert.Equal(pronouns.Count, her[StoryBehaviour.Pronoun].Places);
        Assert.Equal(pronouns.Count(mark => mark.Answers[0] == " her") / (double)pronouns.Count, her[StoryBehaviour.Pronoun].Accuracy, 1e-9);
        Assert.Equal(0, her[StoryBehaviour.FactRecall].Accuracy);
    }

    [Fact]
    public void The_entropy_is_that_of_the_choices_for_each_token_and_the_end()
    {
        using var model = Blank();
        var scores = StoriesEvaluation.Measure(model, stories: 10, seed: 1);
        var stories = Enumerable.Range(0, 10).Select(i => new StoryGrammar().Write(StoryStream.Evaluation.Story(1, (ulong)i))).ToList();
        Assert.Equal(stories.Sum(story => model.Tokenizer!.Encode(story.Text).Length + 1), scores.Tokens);
        Assert.Equal(-stories.Sum(story => story.LogProbability) / scores.Tokens, scores.Entropy, 1e-9);
        Assert.Equal(scores.Loss / scores.Entropy - 1, scores.Excess, 1e-9);
    }

    [Fact]
    public void Streams_and_seeds_share_no_story()
    {
        var grammar = new StoryGrammar();
        string[] Texts(StoryStream stream, ulong seed) => [.. Enumerable.Range(0, 300).Select(i => grammar.Write(stream.Story(seed, (ulong)i)).Text)];
        string[] all = [.. Texts(StoryStream.Training, 0), .. Texts(StoryStream.Evaluation, 0), .. Texts(StoryStream.Vocabulary, 0), .. Texts(StoryStream.Training, 1)];
        Assert.Equal(1200, all.Distinct().Count());
    }

    [Fact]
    public void A_model_without_a_tokenizer_is_an_error()
    {
        using var generator = new Generator(0);
        using var model = ModelInitializer.Create(
            new HookedTransformerConfig
            {
                NLayers = 1,
                DModel = 4,
                NHeads = 1,
                DHead = 4,
                NCtx = 8,
                DVocab = 5,
                AttnOnly = true,
            }, generator);
        Assert.Contains("no tokenizer", Assert.Throws<ArgumentException>(() => StoriesEvaluation.Measure(model)).Message);
    }

    /// <summary>A model whose logits are all zero.</summary>
    private HookedTransformer Blank()
    {
        StoryTokenizer.Learn(stories: 2000, size: 2048, seed: 0).Save(Path.Combine(folder, StoryTokenizer.FileName));
        var tokenizer = TokenizerLoader.Load(folder);
        using var generator = new Generator(0);
        var model = ModelInitializer.Create(
            new HookedTransformerConfig
            {
                NLayers = 1,
                DModel = 4,
                NHeads = 1,
                DHead = 4,
                NCtx = 128,
                DVocab = tokenizer.VocabularySize,
                AttnOnly = true,
            }, generator, tokenizer);
        foreach (var (_, tensor) in model.Weights.Named()) tensor.zero_();
        return model;
    }
}
