using Interp.Circuits.Heads;
using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.InductionHeads.Training;

/// <summary>The model in <c>models/induction</c> does what its card says.</summary>
public sealed class ShippedModelTests : IDisposable
{
    private const double Clear = 0.7;
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly HookedTransformer model = HookedTransformer.Load(Repository.Path("models/induction"));

    public void Dispose()
    {
        model.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void It_has_a_clear_previous_token_head_below_and_clear_induction_heads_above()
    {
        var heads = HeadScores.Measure(model).Heads;
        Assert.True(heads.Where(h => h.Layer == 0).Max(h => h.PreviousToken) > Clear);
        Assert.True(heads.Where(h => h.Layer == 1).Max(h => h.Induction) > Clear);
        Assert.True(heads.Where(h => h.Layer == 0).Max(h => h.Induction) < 0.1);
    }

    [Fact]
    public void Its_card_shows_the_scores_that_are_measured()
    {
        var card = File.ReadAllText(Repository.Path("models/induction/README.md"));
        foreach (var h in HeadScores.Measure(model).Heads)
        {
            var row = card.Split('\n').Single(line => line.StartsWith($"| {h.Label} "));
            var shown = row.Split('|', StringSplitOptions.TrimEntries)[2..5].Select(double.Parse).ToArray();
            Assert.Equal(h.PreviousToken, shown[0], 0.002);
            Assert.Equal(h.DuplicateToken, shown[1], 0.002);
            Assert.Equal(h.Induction, shown[2], 0.002);
        }
    }

    [Fact]
    public void It_continues_words_that_repeat()
    {
        var ids = model.Tokenizer!.Encode("owl lamp cake river owl lamp cake");
        var tokens = torch.tensor([model.Tokenizer.BosId!.Value, .. ids], [1, ids.Length + 1]);
        var text = model.Generate(tokens, new GenerateOptions { MaxNewTokens = 5 });
        Assert.Equal("river owl lamp cake river", model.Tokenizer.Decode(text[0, ^5..].ToArray<long>()));
    }

    [Fact]
    public void Without_its_previous_token_head_it_cannot_look_back()
    {
        using var sequences = RepeatedSequences.Create(model, new HeadScoreOptions());
        var best = HeadScores.Measure(model).Heads.MaxBy(h => h.PreviousToken)!;
        double RepeatedLoss(params Hooks.Hook[] hooks)
        {
            var losses = HookedTransformer.LossPerToken(model.RunWithHooks(sequences.Tokens, hooks), sequences.Tokens);
            return losses[.., (sequences.Start + sequences.Period)..].mean().ToDouble();
        }
        var ablated = RepeatedLoss(($"blocks.{best.Layer}.attn.hook_z", (z, _) =>
        {
            z[.., .., best.Head] = torch.tensor(0.0);
            return z;
        }
        ));
        Assert.True(RepeatedLoss() < 0.05);
        Assert.True(ablated > 2, $"the loss without {best.Label} is {ablated}");
    }
}
