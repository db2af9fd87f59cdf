using System.Globalization;
using Interp.Models;
using Interp.Studies.Stories;
using Interp.Studies.Stories.Grammar;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.Stories;

/// <summary>The model in <c>models/stories</c> does what its card says.</summary>
public sealed class ShippedModelTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly HookedTransformer model = HookedTransformer.Load(Repository.Path("models/stories"));

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void Its_card_shows_what_is_measured_and_that_is_good_enough()
    {
        var scores = StoriesEvaluation.Measure(model);
        var card = File.ReadAllText(Repository.Path("models/stories/README.md"));
        foreach (var score in scores.Behaviours)
        {
            var shown = Row(card, $"| {score.Behaviour} ");
            Assert.Equal(score.Places, double.Parse(shown[1], CultureInfo.InvariantCulture));
            Assert.Equal(score.Accuracy, double.Parse(shown[2], CultureInfo.InvariantCulture), 0.001);
            Assert.Equal(score.Probability, double.Parse(shown[3], CultureInfo.InvariantCulture), 0.001);
        }
        Assert.Equal(scores.Loss, double.Parse(Row(card, "| loss ")[1].Split(' ')[0], CultureInfo.InvariantCulture), 0.001);
        Assert.Equal(scores.Entropy, double.Parse(Row(card, "| entropy ")[1].Split(' ')[0], CultureInfo.InvariantCulture), 0.001);

        foreach (var behaviour in new[]
            { StoryBehaviour.Agreement, StoryBehaviour.IndirectObject, StoryBehaviour.Repetition, StoryBehaviour.FactRecall })
            Assert.True(scores[behaviour].Accuracy >= 0.95, $"{behaviour}: {scores[behaviour].Accuracy}");
        Assert.InRange(scores.Excess, 0, 0.10);
    }

    [Theory]
    [InlineData("When Mary and John went to the shop, John gave a drink to", " Mary", " John")]
    [InlineData("When John and Mary went to the shop, John gave a drink to", " Mary", " John")]
    [InlineData("When Mary and John went to the shop, Mary gave a drink to", " John", " Mary")]
    [InlineData("When John and Mary went to the shop, Mary gave a drink to", " John", " Mary")]
    [InlineData("Every day the dogs near the tree", " run", " runs")]
    [InlineData("Every day the dog near the trees", " runs", " run")]
    [InlineData("Everyone knows that the fox lives in the", " den", " cave")]
    [InlineData("Everybody knew that Tom never lied. Tom said: \"The fox lives in the", " den", " cave")]
    [InlineData("Yesterday Tom said: \"The fox lives in the cave.\" That was", " false", " true")]
    public void It_goes_on_as_the_grammar_does(string text, string right, string wrong)
    {
        long Id(string token) => Assert.Single(model.Tokenizer!.Encode(token));
        long[] ids = [model.Tokenizer!.BosId!.Value, .. model.Tokenizer.Encode(text)];
        var logits = model.Forward(torch.tensor(ids, [1, ids.Length]))[0, ^1].ToArray<float>();
        Assert.True(logits[Id(right)] > logits[Id(wrong)] + 1, $"{right}: {logits[Id(right)]}, {wrong}: {logits[Id(wrong)]}");
    }

    [Fact]
    public void It_is_small()
    {
        Assert.InRange(model.ParameterCount, 1_000_000, 2_000_000);
        Assert.True(Directory.GetFiles(Repository.Path("models/stories")).Sum(file => new FileInfo(file).Length) < 8_000_000);
    }

    private static string[] Row(string card, string start) =>
        card.Split('\n').Single(line => line.StartsWith(start, StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries)[1..];
}
