using Interp.Models;
using Interp.Studies.GreaterThan;
using Interp.Tensors;
using Interp.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.GreaterThan;

public class GreaterThanTaskTests
{
    [Fact]
    public void A_tokenizer_without_two_digit_tokens_is_told_as_the_reason()
    {
        using var model = HookedTransformer.Load(Repository.Path("models/stories"));
        Assert.Null(GreaterThanTask.TryCreate(model, out var reason));
        Assert.Contains("two tokens of two digits", reason);
    }

    [SharedFact("tokenizers/gpt2")]
    public void Corrupted_prompts_of_GPT_2_differ_in_the_first_year_only()
    {
        using var model = Untrained();
        using var task = GreaterThanTask.TryCreate(model, out _, count: 10)!;
        var (clean, corrupted) = (task.Tokens.ToArray<long>(), task.Corrupted.ToArray<long>());
        var length = (int)task.Tokens.size(1);
        var one = model.ToSingleToken("01");
        for (var k = 0; k < 10; k++)
        {
            var at = Assert.Single(Enumerable.Range(k * length, length), at => clean[at] != corrupted[at]);
            Assert.Equal(one, corrupted[at]);
            Assert.Equal($"{task.Ends[k]:00}", model.Tokenizer!.Decode([clean[at]]));
            Assert.Equal(task.Texts[k], model.Tokenizer.Decode(clean.AsSpan(k * length, length),
                skipSpecialTokens: true));
        }
    }

    [SharedFact("tokenizers/gpt2")]
    public void The_probability_difference_counts_later_years_for_and_all_others_against()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Untrained();
        using var task = GreaterThanTask.TryCreate(model, out _, count: 4)!;
        var logits = torch.full([4, 1, model.Config.DVocab], -50.0);
        for (var k = 0; k < 4; k++) logits[k, 0, (int)model.ToSingleToken($"{task.Ends[k] + 1:00}")] =
            torch.tensor(50f);
        var next = task.Behave(logits);
        Assert.Equal(1, next.ProbabilityDifference, 4);
        Assert.Equal(1, next.Sharpness, 4);
        Assert.Equal(1, task.Metric().Of(logits).ToSingle(), 4);
        for (var k = 0; k < 4; k++) logits[k, 0, (int)model.ToSingleToken($"{task.Ends[k]:00}")] = torch.tensor(80f);
        Assert.Equal(-1, task.Behave(logits).ProbabilityDifference, 4);
        Assert.All(GreaterThanVerdicts.Of(next), verdict => Assert.True(verdict.Holds));
        Assert.All(GreaterThanVerdicts.Of(task.Behave(logits)), verdict => Assert.False(verdict.Holds));
    }

    private static HookedTransformer Untrained()
    {
        var tokenizer = TokenizerLoader.TryFind(SharedData.Path("tokenizers/gpt2"))!;
        using var generator = new Generator(0);
        return ModelInitializer.Create(new HookedTransformerConfig
        {
            NLayers = 1,
            DModel = 4,
            NHeads = 1,
            DHead = 4,
            NCtx = 32,
            DVocab = 50257,
            AttnOnly = true,
        }, generator, tokenizer);
    }
}
