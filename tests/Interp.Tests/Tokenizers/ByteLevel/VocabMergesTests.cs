using System.Text.Json.Nodes;
using Interp.Tokenizers;

namespace Interp.Tests.Tokenizers.ByteLevel;

public sealed class VocabMergesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public VocabMergesTests()
    {
        var vocab = TinyTokenizerJson.Build()["model"]!["vocab"]!.DeepClone().AsObject();
        vocab["<|endoftext|>"] = 263;
        vocab["<s>"] = 264;
        folder.Write("vocab.json", vocab.ToJsonString());
        folder.Write("merges.txt", "#version: 0.2\n" + string.Join('\n',
            TinyTokenizerJson.Merges.Select(merge => $"{merge.Left} {merge.Right}")) + "\n");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_pair_of_files_gives_the_tokenizer_of_the_same_tokenizer_json()
    {
        var pair = TokenizerLoader.Load(folder.Path);
        var whole = TinyTokenizerJson.Load(_ => { });
        var random = new Random(4);
        for (var i = 0; i < 500; i++)
        {
            var text = FuzzText.Next(random) + "hello hellohello";
            Assert.Equal(whole.Encode(text), pair.Encode(text));
        }
    }

    [Fact]
    public void End_of_text_is_special_BOS_and_EOS_where_no_file_says_otherwise()
    {
        var tokenizer = TokenizerLoader.Load(folder.Path);
        Assert.Equal(new SpecialIds(Bos: 263, Eos: 263), tokenizer.SpecialIds);
        Assert.Equal(263, Assert.Single(tokenizer.SpecialTokens).Value);
        Assert.Equal([263], tokenizer.Encode("<|endoftext|>"));
    }

    [Fact]
    public void The_files_beside_it_name_added_and_special_tokens()
    {
        folder.Write("tokenizer_config.json", """
            {"tokenizer_class": "GPT2TokenizerFast", "add_prefix_space": true, "bos_token": {"content": "<s>"},
             "added_tokens_decoder": {"264": {"content": "<s>", "special": true},
                                      "300": {"content": "<new>", "special": false}}}
            """);
        folder.Write("special_tokens_map.json", """{"bos_token": "h", "eos_token": "<|endoftext|>"}""");
        folder.Write("config.json", """{"eos_token_id": 1, "pad_token_id": [2, 3], "unk_token_id": 50256}""");
        var tokenizer = TokenizerLoader.Load(folder.Path);
        Assert.Equal(new SpecialIds(Bos: 264, Eos: 263, Pad: 2, Unk: null), tokenizer.SpecialIds);
        Assert.Equal([264, 260, 300], tokenizer.Encode("<s>hello<new>"));
        Assert.Equal(301, tokenizer.VocabularySize);
    }

    [Fact]
    public void A_special_token_that_the_vocabulary_lacks_is_an_error()
    {
        folder.Write("special_tokens_map.json", """{"pad_token": "<nope>"}""");
        var error = Assert.Throws<TokenizerFormatException>(() => TokenizerLoader.Load(folder.Path));
        Assert.Contains("special_tokens_map.json: pad_token is \"<nope>\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_class_with_other_rules_is_an_error()
    {
        folder.Write("tokenizer_config.json", """{"tokenizer_class": "CLIPTokenizer"}""");
        var error = Assert.Throws<TokenizerFormatException>(() => TokenizerLoader.Load(folder.Path));
        Assert.Contains("tokenizer_class is \"CLIPTokenizer\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("h e\nh e l\n", "line 2 is \"h e l\"")]
    [InlineData("h\n", "line 1 is \"h\"")]
    [InlineData("h q\n", "needs token \"hq\"")]
    public void A_merge_that_cannot_be_is_an_error_naming_the_line(string merges, string message)
    {
        folder.Write("merges.txt", merges);
        var error = Assert.Throws<TokenizerFormatException>(() => TokenizerLoader.Load(folder.Path));
        Assert.Contains("merges.txt", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_that_is_not_byte_level_is_an_error()
    {
        folder.Write("vocab.json", new JsonObject { ["▁the"] = 0 }.ToJsonString());
        var error = Assert.Throws<TokenizerFormatException>(() => TokenizerLoader.Load(folder.Path));
        Assert.Contains("not a byte-level vocabulary", error.Message, StringComparison.Ordinal);
    }
}
