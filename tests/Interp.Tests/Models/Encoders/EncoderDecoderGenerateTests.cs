using Interp.Hooks;
using Interp.Models;
using Interp.Models.Encoders;
using Interp.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Models.Encoders;

/// <summary>What is written token by token is what whole runs choose.</summary>
public sealed class EncoderDecoderGenerateTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Greedy_text_is_the_most_probable_token_of_a_whole_run_at_every_step()
    {
        var tokens = HookedEncoderDecoderTests.Tokens(6);
        var kinds = new List<int>();
        foreach (var seed in new ulong[] { 2, 3, 4, 5, 6, 7 })
        {
            using var other = HookedEncoderDecoderTests.Create(seed: seed);
            var text = other.Generate(tokens, new GenerateOptions { MaxNewTokens = 7 });
            Assert.Equal(Stepwise(other, tokens, 7), text.ToArray<long>());
            Assert.Equal([2L, 8L], text.shape);
            kinds.Add(text.ToArray<long>().Distinct().Count());
        }

        Assert.True(kinds.Max() > 3, "some model should write more than one token over and over");
        using var model = HookedEncoderDecoderTests.Create();
        var found = model.Generate(tokens, new GenerateOptions { MaxNewTokens = 7 });
        Assert.Equal(model.Generate(tokens[0], new GenerateOptions { MaxNewTokens = 7 }).ToArray<long>(), found[0].ToArray<long>());
        Assert.Equal([0, 0], model.Generate(tokens, new GenerateOptions { MaxNewTokens = 0 }).ToArray<long>());
    }

    [SharedFact("fixtures/t5")]
    public void T5_writes_the_most_probable_token_of_a_whole_run_at_every_step()
    {
        using var model = HookedEncoderDecoder.Load(SharedData.Path("fixtures/t5"));
        var tokens = new Loading.Parity.Fixture("fixtures/t5/expected.safetensors")["input_ids"];
        var found = model.Generate(tokens, new GenerateOptions { MaxNewTokens = 6, StopAtEos = false });
        Assert.Equal(Stepwise(model, tokens, 6), found.ToArray<long>());
    }

    [Fact]
    public void Padding_on_either_side_of_the_input_changes_nothing()
    {
        using var model = HookedEncoderDecoderTests.Create();
        var (tokens, padding) = (HookedEncoderDecoderTests.Tokens(5), torch.ones([2, 2], ScalarType.Int64));
        var expected = model.Generate(tokens).ToArray<long>();
        var real = torch.ones([2, 5], ScalarType.Int64);
        foreach (var isLeft in new[] { true, false })
        {
            Tensor Join(Tensor x, Tensor y) => torch.cat(isLeft ? [x, y] : [y, x], 1);
            var padded = new GenerateOptions { PaddingMask = Join(padding * 0, real) };
            Assert.Equal(expected, model.Generate(Join(padding, tokens), padded).ToArray<long>());
        }

        Assert.NotEqual(expected, model.Generate(torch.cat([padding, tokens], 1)).ToArray<long>());
    }

    [Fact]
    public void A_sequence_that_has_ended_is_filled_up_and_all_ended_stop()
    {
        using var free = HookedEncoderDecoderTests.Create();
        var tokens = HookedEncoderDecoderTests.Tokens(6);
        var text = free.Generate(tokens, new GenerateOptions { MaxNewTokens = 6 });
        var eos = (int)text[0, 2].ToInt64();
        using var model = HookedEncoderDecoderTests.Create(eos);
        var found = model.Generate(tokens, new GenerateOptions { MaxNewTokens = 6 });
        var first = found[0].ToArray<long>();
        var end = Array.IndexOf(first, eos);
        Assert.InRange(end, 1, 2);
        Assert.All(first[end..], id => Assert.Equal(eos, id));
        Assert.Equal(end + 1, model.Generate(tokens[0], new GenerateOptions { MaxNewTokens = 6 }).size(1));
        Assert.Equal(text.ToArray<long>(), model.Generate(tokens, new GenerateOptions { MaxNewTokens = 6, StopAtEos = false }).ToArray<long>());
    }

    [Fact]
    public void Drawing_depends_on_the_generator_alone()
    {
        using var model = HookedEncoderDecoderTests.Create();
        var tokens = HookedEncoderDecoderTests.Tokens(6);
        long[] Draw(ulong seed)
        {
            using var generator = new Generator(seed);
            return model.Generate(tokens, new GenerateOptions { MaxNewTokens = 8, Temperature = 2, Generator = generator }).ToArray<long>();
        }

        Assert.Equal(Draw(3), Draw(3));
        Assert.NotEqual(Draw(3), Draw(4));
    }

    [Fact]
    public void Hooks_of_both_stacks_act_in_every_step()
    {
        using var model = HookedEncoderDecoderTests.Create();
        var tokens = HookedEncoderDecoderTests.Tokens(6);
        var counts = new Dictionary<string, int>();
        Hook Count(string name) => new(name, (value, hook) =>
        {
            counts[hook.Name] = counts.GetValueOrDefault(hook.Name) + 1;
            return value * 0;
        });
        string[] names = ["encoder.1.hook_mlp_out", "decoder.0.hook_mlp_out"];
        var plain = model.Generate(tokens, new GenerateOptions { MaxNewTokens = 5 }).ToArray<long>();
        var edited = model.Generate(tokens, new GenerateOptions { MaxNewTokens = 5, Hooks = [.. names.Select(Count)] }).ToArray<long>();
        Assert.All(names, name => Assert.Equal(5, counts[name]));
        Assert.NotEqual(plain, edited);
        using var first = model.AddHook(names[0], (value, _) => value * 0);
        using var second = model.AddHook(names[1], (value, _) => value * 0);
        Assert.Equal(edited, model.Generate(tokens, new GenerateOptions { MaxNewTokens = 5 }).ToArray<long>());
    }

    [Fact]
    public void What_makes_no_sense_is_refused_and_nothing_is_left_behind()
    {
        using var model = HookedEncoderDecoderTests.Create();
        using var unstarted = HookedEncoderDecoderTests.Create(start: null);
        var tokens = HookedEncoderDecoderTests.Tokens(6);
        var before = torch.CurrentDisposeScope!.DisposablesCount;
        Assert.Contains("set DecoderStartTokenId", Assert.Throws<ArgumentException>(() => unstarted.Generate(tokens)).Message);
        Assert.Contains("cannot generate -1", Assert.Throws<ArgumentException>(
            () => model.Generate(tokens, new GenerateOptions { MaxNewTokens = -1 })).Message);
        Assert.Contains("needs a Generator", Assert.Throws<ArgumentException>(
            () => model.Generate(tokens, new GenerateOptions { Temperature = 1 })).Message);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => model.Generate(tokens, cancellation: cancelled.Token));
        model.Generate(tokens).Dispose();
        Assert.Equal(before, torch.CurrentDisposeScope!.DisposablesCount);
    }

    /// <summary>Start tokens and what the logits of whole runs put behind them.</summary>
    private static long[] Stepwise(HookedEncoderDecoder model, Tensor tokens, int count)
    {
        var written = torch.full([tokens.size(0), 1], model.Config.DecoderStartTokenId!.Value, ScalarType.Int64);
        for (var step = 0; step < count; step++)
        {
            var logits = model.Forward(tokens, written).Logits;
            written = torch.cat([written, logits.select(1, step).argmax(-1).unsqueeze(1)], 1);
        }

        return written.ToArray<long>();
    }
}
