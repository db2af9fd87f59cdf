using Interp.Models;
using Interp.Tensors;
using Interp.Tests.Tokenizers;
using Interp.Tokenizers;
using Interp.Tokenizers.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Tests.Models;

/// <summary>A model takes texts and gives texts; what stands before them is decided in one place.</summary>
public sealed class TextTests : IDisposable
{
    private const long Bos = 263, Hello = 260; // Hello is " hello"
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Tokens_are_a_tensor_of_one_sequence_with_a_BOS_where_it_is_asked_for()
    {
        using var model = Create();
        AssertTokens([1, 2], [Hello, 'x'], model.ToTokens(" hellox"));
        AssertTokens([1, 3], [Bos, Hello, 'x'], model.ToTokens(" hellox", prependBos: true));
        Assert.Equal(["<|endoftext|>", " hello", "x"], model.ToStringTokens(" hellox", prependBos: true));
        Assert.Equal([" hello", "x"], model.ToStringTokens(model.ToTokens(" hellox")));
        Assert.Equal([" hello", "x"], model.ToStringTokens(model.ToTokens(" hellox")[0]));
        Assert.Equal("<|endoftext|> hellox", model.ToText(model.ToTokens(" hellox", prependBos: true)));
        Assert.Equal([" hello", "xx"], model.ToTexts(model.ToBatch([" hello", "xx"], prependBos: false).ToTokens()).Select(t => t.Replace("<|endoftext|>", "")));
        Assert.Equal((Hello, " hello"), (model.ToSingleToken(" hello"), model.ToSingleStringToken(Hello)));
    }

    [Theory]
    [InlineData(false, false, "neither")]
    [InlineData(true, true, "the model's configuration asks for it")]
    public void The_default_is_the_models_and_says_where_it_comes_from(bool configured, bool prepends, string reason)
    {
        using var model = Create(configured);
        Assert.Equal(prepends, model.Text.Default.Prepends);
        Assert.StartsWith(reason, model.Text.Default.Reason);
        AssertTokens([1, prepends ? 2 : 1], prepends ? [Bos, 'x'] : ['x'], model.ToTokens("x"));
        AssertTokens([1, 1], ['x'], model.ToTokens("x", prependBos: false));
        AssertTokens([1, 2], [Bos, 'x'], model.ToTokens("x", prependBos: true));
        Assert.Equal(prepends ? 2 : 1, model.Forward("x").size(1));
        Assert.Equal(prepends ? 1 : 0, model.GetTokenPosition("x", "x"));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(null, true, true)]
    [InlineData("post", null, true)]
    [InlineData("post", false, false)]
    [InlineData("post", true, true)]
    public void The_tokenizers_files_come_before_the_models_configuration(string? processor, bool? addBos, bool prepends)
    {
        var json = TinyTokenizerJson.Build();
        if (processor is not null)
            json["post_processor"] = System.Text.Json.Nodes.JsonNode.Parse("""
                {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                 "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
                 "special_tokens": {"<|endoftext|>": {"id": "<|endoftext|>", "ids": [263], "tokens": ["<|endoftext|>"]}}}
                """);
        using var folder = new Interp.Tests.Tokenizers.TemporaryFolder();
        folder.Write("tokenizer.json", json.ToJsonString());
        if (addBos is { } asked)
            folder.Write("tokenizer_config.json", $$"""{"add_bos_token": {{(asked ? "true" : "false")}}, "bos_token": "<|endoftext|>"}""");
        using var model = Create(tokenizer: TokenizerLoader.Load(Path.GetDirectoryName(folder.Write("config.json", "{}"))!));
        Assert.Equal(prepends, model.Text.Default.Prepends);
        Assert.Equal(prepends ? [Bos, 'x'] : ['x'], model.ToTokens("x").ToArray<long>());
        if (prepends) Assert.Equal("the tokenizer's files ask for it", model.Text.Default.Reason);
    }

    [Fact]
    public void Positions_and_offsets_count_what_stands_in_front()
    {
        using var model = Create();
        const string text = "aa hello x hello";
        Assert.Equal(1, model.GetTokenPosition(" hello", text));
        Assert.Equal(5, model.GetTokenPosition(" hello", text, Occurrence.Last, prependBos: true));
        Assert.Equal(4, model.GetTokenPosition(" hello", model.ToTokens(text), Occurrence.Last));
        Assert.Equal((2, 4), model.GetTokenPositions("llo x", text, prependBos: true));
        Assert.Equal((0, 2), (model.LocateTokens(text)[0].Start, model.LocateTokens(text)[0].End));
    }

    [Fact]
    public void What_cannot_be_is_one_sentence_that_says_what_to_do()
    {
        using var model = Create();
        Assert.Contains("is 2 tokens", Error<TokenizerException>(() => model.ToSingleToken("hex")));
        Assert.Contains("are several sequences", Error<ArgumentException>(() => model.ToText(torch.tensor(new long[] { 1, 2 }, [2, 1]))));
        Assert.Contains("text 1 has no tokens", Error<TokenizerException>(() => model.ToBatch(["x", ""])));
        Assert.Contains("has no token", Error<TokenizerException>(() => model.ToText(torch.tensor(new long[] { 9999 }))));
        using var mute = Create(tokenizer: null, has: false);
        Assert.Contains("custom has no tokenizer", Error<InvalidOperationException>(() => mute.ToTokens("x")));
        using var mask = torch.ones([1, 1]);
        Assert.Contains("PaddingMask is for tokens", Error<ArgumentException>(() => model.Generate("x", new GenerateOptions { PaddingMask = mask })));
        Assert.Contains("its own", Error<ArgumentException>(() => model.Forward(model.ToBatch(["x"]), new ForwardOptions { PaddingMask = mask })));
    }

    [Theory]
    [InlineData(PaddingSide.Left)]
    [InlineData(PaddingSide.Right)]
    public void A_batch_gives_every_text_the_logits_that_it_has_alone(PaddingSide side)
    {
        using var model = Create(configured: true);
        string[] texts = [" hello x", "hexx hello a", "a"];
        var batch = model.ToBatch(texts, side: side);
        Assert.Equal(Bos, batch.PadId); // no padding token: the end token
        var together = model.Forward(batch);
        var (cached, cache) = model.RunWithCache(batch, "hook_embed");
        Assert.True(together.Equals(cached));
        Assert.Equal([3L, batch.Ids.GetLength(1), 24], cache["hook_embed"].shape);
        for (var row = 0; row < texts.Length; row++)
        {
            var alone = model.Forward(texts[row])[0];
            var same = together[row].narrow(0, batch.Start(row), batch.Lengths[row]);
            Assert.True((alone - same).abs().max().ToSingle() < 1e-5);
        }
    }

    [Fact]
    public void Runs_on_a_text_are_runs_on_its_tokens()
    {
        using var model = Create(configured: true);
        var tokens = model.ToTokens(" hello x");
        Assert.True(model.Forward(tokens).Equals(model.Forward(" hello x")));
        Assert.True(model.Forward(tokens[.., 1..]).Equals(model.Forward(" hello x", prependBos: false)));
        var (logits, cache) = model.RunWithCache(" hello x", "hook_tokens", "pattern0");
        Assert.True(model.Forward(tokens).allclose(logits, atol: 1e-5));
        Assert.Equal([Bos, Hello, ' ', 'x'], cache["hook_tokens"].ToArray<long>());
        Interp.Hooks.Hook zero = ("blocks.0.hook_resid_pre", (x, hook) => x * 0);
        Assert.True(model.RunWithHooks(tokens, zero).Equals(model.RunWithHooks(" hello x", zero)));
        Assert.Equal(model.Loss(tokens).ToSingle(), model.Loss(" hello x").ToSingle());
    }

    [Fact]
    public void Generated_text_is_that_of_the_tokens_without_BOS_and_end_also_in_a_batch()
    {
        using var model = Create(configured: true);
        var options = new GenerateOptions { MaxNewTokens = 5, StopAtEos = false };
        string[] texts = [" hello x", "a", "hexx"];
        var expected = texts.Select(text => model.ToText(model.Generate(model.ToTokens(text), options)[0, 1..])).ToArray();
        Assert.All(texts.Zip(expected), pair => Assert.StartsWith(pair.First, pair.Second));
        Assert.Equal(expected, texts.Select(text => model.Generate(text, options)));
        Assert.Equal(expected, model.Generate(texts, options));
        // The second token that came ends the text when it is the end token.
        var added = model.Generate(model.ToTokens("a"), options)[0, 2..].ToArray<long>();
        var end = added.First(id => id != added[0]);
        var upTo = new GenerateOptions { MaxNewTokens = 5, EosTokenId = (int)end };
        Assert.Equal(model.Text.ToText(['a', .. added.TakeWhile(id => id != end)]), model.Generate("a", upTo));
    }

    private static string Error<T>(Action action) where T : Exception => Assert.Throws<T>(action).Message;

    private static void AssertTokens(long[] shape, long[] ids, Tensor tokens)
    {
        Assert.Equal(shape, tokens.shape);
        Assert.Equal((ids.Length, ScalarType.Int64), (ids.Length, tokens.dtype));
        Assert.Equal(ids, tokens.ToArray<long>());
    }

    private static HookedTransformer Create(bool configured = false, Tokenizer? tokenizer = null, bool has = true)
    {
        using var generator = new Generator(5);
        tokenizer = has ? tokenizer ?? TinyTokenizerJson.Load(TinyTokenizerJson.Build()) : null;
        var config = SampleModels.Configs["gpt2"] with { DVocab = 264, DefaultPrependBos = configured };
        using var bare = ModelInitializer.Create(config, generator);
        return new HookedTransformer(config, Cloned(bare.Weights), tokenizer);
    }

    private static ModelWeights Cloned(ModelWeights weights) => Interp.Processing.WeightMap.Map(weights, tensor => tensor.clone());
}
