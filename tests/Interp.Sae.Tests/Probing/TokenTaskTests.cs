using Interp.Sae.Probing;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Sae.Tests.Probing;

public class TokenTaskTests
{
    [Theory]
    [InlineData(" snake", true)]
    [InlineData("Snake", true)]
    [InlineData("tail", false)]
    [InlineData(" 7", null)]
    [InlineData("", null)]
    [InlineData(" ", null)]
    [InlineData("s.", null)]
    public void The_first_letter_is_asked_of_words(string text, bool? expected) =>
        Assert.Equal(expected, TokenTask.FirstLetter('s').Holds(text));

    [Fact]
    public void Other_tasks_ask_what_they_say()
    {
        Assert.True(TokenTask.Capital.Holds(" Anna"));
        Assert.False(TokenTask.Capital.Holds(" anna"));
        Assert.True(TokenTask.BeginsWord.Holds(" anna"));
        Assert.False(TokenTask.BeginsWord.Holds("na"));
        Assert.True(TokenTask.Number.Holds(" 42"));
        Assert.False(TokenTask.Number.Holds("4a"));
        Assert.Null(TokenTask.Number.Holds(" "));
        var words = TokenTask.Words("she", ["Anna"], ["John"]);
        Assert.Equal((true, false, null), (words.Holds(" Anna"), words.Holds("John"), words.Holds(" dog")));
        Assert.False(TokenTask.Words("she", ["Anna"]).Holds(" dog"));
        Assert.Equal(29, TokenTask.General.Count);
    }

    [Fact]
    public void Training_and_test_rows_are_of_different_tokens_and_as_many_of_both_classes()
    {
        using var scope = torch.NewDisposeScope();
        // Token t stands at rows with the value t; even tokens are true, those over 30 have no part.
        long[] ids = [.. Enumerable.Range(0, 4000).Select(i => (long)(i * 7 % 40))];
        using var activations = new TokenActivations(
            torch.tensor(ids.Select(id => (float)id).ToArray(), [4000, 1]), ids);
        var task = new TokenTask("even", text => int.Parse(text) is > 30 ? null : int.Parse(text) % 2 == 0);
        var options = new TokenTaskOptions { TrainRows = 300, TestRows = 60 };
        var (train, test) = activations.Draw(task, id => id.ToString(), options)!.Value;
        Assert.Equal((600, 120, 300, 60), (train.Labels.Count, test.Labels.Count, train.Positives, test.Positives));
        var (seen, asked) = (train.Rows.ToArray<float>().ToHashSet(), test.Rows.ToArray<float>().ToHashSet());
        Assert.Empty(seen.Intersect(asked));
        Assert.Equal(6, asked.Count); // a fifth of 16 and of 15
        Assert.All(train.Labels.Zip(train.Rows.ToArray<float>()), pair => Assert.Equal(pair.First, pair.Second % 2 == 0));
        Assert.All(seen.Union(asked), value => Assert.InRange(value, 0, 30));
        var again = activations.Draw(task, id => id.ToString(), options)!.Value;
        Assert.True(again.Train.Rows.Equals(train.Rows));
        var other = activations.Draw(task, id => id.ToString(), options with { Seed = 1 })!.Value;
        Assert.False(other.Train.Rows.Equals(train.Rows));
        Assert.Null(activations.Draw(TokenTask.Capital, id => id.ToString()));
        Assert.Null(activations.Draw(task, id => id.ToString(), options with { Tokens = 16 }));
        Assert.NotNull(activations.Draw(task, id => id.ToString(), options with { Tokens = 15 }));
        Assert.Null(activations.Draw(task, id => id.ToString(), options with { FewestRows = 61 }));
    }
}
