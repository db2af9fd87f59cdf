using Interp.Models;
using Interp.Studies.Ioi;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Studies.Tests.Ioi;

public sealed class IoiDatasetTests : IDisposable
{
    private static readonly IoiPrompt Abba = new("Mary", "John", "shop", "drink", ReceiverFirst: true,
        ["Paul", "Emma", "Lucy"]);
    private readonly HookedTransformer model = HookedTransformer.Load(Repository.Path("models/stories"));

    public void Dispose() => model.Dispose();

    [Theory]
    [InlineData(null, "Mary John John")]
    [InlineData(IoiCorruption.OtherNames, "Paul Emma Lucy")]
    [InlineData(IoiCorruption.OtherReceiver, "Paul John John")]
    [InlineData(IoiCorruption.OtherGiver, "Mary Paul Paul")]
    [InlineData(IoiCorruption.OtherGives, "Mary John Mary")]
    [InlineData(IoiCorruption.OtherOrder, "John Mary John")]
    public void A_corruption_changes_names_and_nothing_else(IoiCorruption? corruption, string names) =>
        Assert.Equal(names + " shop drink", Abba.Text("{A} {B} {S} {place} {thing}", corruption));

    [Fact]
    public void In_BABA_prompts_the_giver_is_first() =>
        Assert.Equal("John Mary John", (Abba with { ReceiverFirst = false }).Text("{A} {B} {S}"));

    [Fact]
    public void Positions_are_those_of_the_names_in_every_prompt()
    {
        using var data = IoiDataset.Create(model, templates: 3, prompts: 6);
        Assert.Equal(3, data.Batches.Select(batch => batch.Template).Distinct().Count());
        foreach (var batch in data.Batches)
        {
            var rows = Rows(batch.Tokens);
            for (var k = 0; k < 6; k++)
            {
                Assert.Equal(batch.Receivers[k], rows[k][batch.ReceiverAt[k]]);
                Assert.Equal(batch.Givers[k], rows[k][batch.GiverAt[k]]);
                Assert.Equal(batch.Givers[k], rows[k][batch.SecondGiverAt]);
                Assert.Equal(2, rows[k].Count(id => id == batch.Givers[k]));
                Assert.Single(rows[k], id => id == batch.Receivers[k]);
                Assert.Equal(k % 2 == 0, batch.ReceiverAt[k] < batch.GiverAt[k]);
                Assert.Equal(model.ToSingleToken(" to"), rows[k][batch.End]);
            }
        }
    }

    [Fact]
    public void A_flipped_prompt_differs_at_the_second_giver_only()
    {
        using var data = IoiDataset.Create(model, templates: 1, prompts: 4);
        var batch = data.Batches[0];
        using var flipped = batch.Corrupted(IoiCorruption.OtherGives);
        foreach (var (clean, changed) in Rows(batch.Tokens).Zip(Rows(flipped)))
            Assert.Equal([batch.SecondGiverAt], Enumerable.Range(0, clean.Length)
                .Where(at => clean[at] != changed[at]));
    }

    [Fact]
    public void Names_that_the_tokenizer_splits_are_left_out_and_listed()
    {
        using var data = IoiDataset.Create(model);
        Assert.Contains("Michelle", data.Dropped);
        Assert.Contains(data.Dropped, dropped => dropped.StartsWith("Although", StringComparison.Ordinal));
        Assert.Contains("Mary", data.Names);
        Assert.DoesNotContain(data.Names, data.Dropped.Contains);
        Assert.All(data.Names, name => Assert.Single(model.Tokenizer!.Encode(" " + name)));
    }

    [Fact]
    public void An_odd_number_of_prompts_is_an_error() =>
        Assert.Contains("even number", Assert.Throws<ArgumentException>(() => IoiDataset.Create(model, 1, 3)).Message);

    private static long[][] Rows(Tensor tokens) => [.. tokens.ToArray<long>().Chunk((int)tokens.size(1))];
}
