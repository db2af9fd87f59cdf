using Interp.Models;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Models;

public sealed class GenerateTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory, InlineData("gpt2"), InlineData("llama"), InlineData("own masks")]
    public void Greedy_text_is_the_same_with_and_without_a_key_value_cache(string name)
    {
        using var model = SampleModels.Create(name);
        var tokens = SampleModels.Tokens(model, 3, 5);
        var with = model.Generate(tokens, new GenerateOptions { MaxNewTokens = 8 });
        var without = model.Generate(tokens, new GenerateOptions { MaxNewTokens = 8, UseKeyValueCache = false });
        Assert.Equal([3, 13], with.shape);
        Assert.True(with.Equals(without));
        var byHand = tokens;
        for (var k = 0; k < 8; k++) byHand = torch.cat([byHand, model.Forward(byHand)[.., ^1].argmax(-1, true)], 1);
        Assert.True(with.Equals(byHand));
    }

    [Fact]
    public void Padded_sequences_continue_as_they_would_alone()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model, 1, 4);
        var padded = torch.cat([torch.zeros([1, 3], ScalarType.Int64), tokens], 1);
        var mask = torch.cat([torch.zeros([1, 3], ScalarType.Int64), torch.ones([1, 4], ScalarType.Int64)], 1);
        foreach (var cached in (bool[])[true, false])
        {
            var alone = model.Generate(tokens, new GenerateOptions { MaxNewTokens = 6, UseKeyValueCache = cached });
            var options = new GenerateOptions { MaxNewTokens = 6, UseKeyValueCache = cached, PaddingMask = mask };
            Assert.True(alone.Equals(model.Generate(padded, options)[.., 3..]));
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_text_and_another_seed_another()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model, 4, 4);
        Tensor Draw(ulong seed) => model.Generate(tokens, new GenerateOptions { MaxNewTokens = 10, Temperature = 1, Generator = new Generator(seed) });
        Assert.True(Draw(1).Equals(Draw(1)));
        Assert.False(Draw(1).Equals(Draw(2)));
    }

    [Fact]
    public void Top_k_of_one_and_a_tiny_top_p_draw_the_most_probable_token()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model, 4, 4);
        var greedy = model.Generate(tokens);
        var options = new GenerateOptions { Temperature = 1.5, Generator = new Generator(3) };
        Assert.True(greedy.Equals(model.Generate(tokens, options with { TopK = 1 })));
        Assert.True(greedy.Equals(model.Generate(tokens, options with { TopP = 1e-6 })));
    }

    [Fact]
    public void Drawn_tokens_have_the_models_probabilities()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model, 1, 4).repeat(4000, 1);
        var drawn = model.Generate(tokens, new GenerateOptions { MaxNewTokens = 1, Temperature = 0.8, Generator = new Generator(5) })[.., ^1];
        var expected = (model.Forward(tokens[..1])[0, ^1] / 0.8).softmax(-1);
        var measured = drawn.bincount(null, 19).to(ScalarType.Float32) / 4000.0;
        // Three standard deviations of a proportion of 4,000 are at most 0.024.
        Assert.True((expected - measured).abs().max().ToSingle() < 0.024);
    }

    [Fact]
    public void A_sequence_that_reached_the_end_token_is_filled_up_with_it()
    {
        using var model = SampleModels.Create("gpt2");
        var tokens = SampleModels.Tokens(model, 3, 4);
        var free = model.Generate(tokens, new GenerateOptions { MaxNewTokens = 8 }).ToArray<long>();
        var eos = (int)free[4 + 2]; // the third token that the first sequence would add
        var ended = model.Generate(tokens, new GenerateOptions { MaxNewTokens = 8, EosTokenId = eos });
        var first = ended[0].ToArray<long>();
        var end = Array.IndexOf(first, eos, 4);
        Assert.True(end >= 4);
        Assert.All(first[end..], token => Assert.Equal(eos, token));
    }

    [Fact]
    public void Cancelling_stops_between_two_tokens()
    {
        using var model = SampleModels.Create("gpt2");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => model.Generate(SampleModels.Tokens(model, 1, 3), null, cancelled.Token));
    }
}
