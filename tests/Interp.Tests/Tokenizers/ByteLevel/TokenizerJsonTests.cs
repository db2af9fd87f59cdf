using System.Text.Json.Nodes;
using Interp.Tokenizers;
using static Interp.Tests.Tokenizers.TinyTokenizerJson;

namespace Interp.Tests.Tokenizers.ByteLevel;

public class TokenizerJsonTests
{
    private const int Hello = 259, SpaceHello = 260, EndOfText = 263;

    [Fact]
    public void Merges_as_strings_and_as_pairs_are_the_same_tokenizer()
    {
        var old = Load(_ => { });
        var pairs = Load(json => json["model"]!["merges"] =
            new JsonArray([.. Merges.Select(merge => new JsonArray(merge.Left, merge.Right))]));
        foreach (var tokenizer in new[] { old, pairs })
        {
            Assert.Equal([Hello, SpaceHello, EndOfText, 'o'], tokenizer.Encode("hello hello<|endoftext|>o"));
            Assert.Equal(264, tokenizer.VocabularySize);
        }
    }

    [Fact]
    public void A_model_without_a_type_is_BPE_as_in_old_files() =>
        Assert.Equal([Hello], Load(json => json["model"]!.AsObject().Remove("type")).Encode("hello"));

    [Fact]
    public void Encoding_adds_no_token_and_reports_those_of_the_template()
    {
        var tokenizer = Load(json => json["post_processor"] = JsonNode.Parse("""
            {"type": "Sequence", "processors": [{"type": "ByteLevel"}, {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "S", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                        {"SpecialToken": {"id": "E", "type_id": 0}}], "pair": [],
             "special_tokens": {"S": {"id": "S", "ids": [263, 1], "tokens": []},
                                "E": {"id": "E", "ids": [2], "tokens": []}}}]}
            """));
        Assert.Equal([Hello], tokenizer.Encode("hello"));
        Assert.Equal([263, 1], tokenizer.PrefixIds);
        Assert.Equal([2], tokenizer.SuffixIds);
    }

    [Fact]
    public void A_prefix_space_is_added_to_every_stretch_that_lacks_one()
    {
        var tokenizer = Load(json => json["pre_tokenizer"] = ByteLevelSetting(addPrefixSpace: true));
        Assert.Equal([SpaceHello, EndOfText, SpaceHello], tokenizer.Encode("hello<|endoftext|> hello"));
        Assert.Equal([], tokenizer.Encode(""));
    }

    [Fact]
    public void Without_regex_a_merge_may_cross_words()
    {
        static void Change(JsonObject json, bool useRegex)
        {
            json["model"]!["vocab"]!["oĠ"] = 264;
            json["model"]!["merges"]!.AsArray().Insert(0, "o Ġ");
            json["pre_tokenizer"] = ByteLevelSetting(useRegex: useRegex);
        }

        Assert.Contains(264, Load(json => Change(json, useRegex: false)).Encode("o o"));
        Assert.DoesNotContain(264, Load(json => Change(json, useRegex: true)).Encode("o o"));
    }

    [Fact]
    public void Steps_of_a_sequence_run_in_order()
    {
        var tokenizer = Load(json => json["pre_tokenizer"] = new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(
                JsonNode.Parse("""{"type": "Split", "pattern": {"Regex": "l+"}, "behavior": "Isolated"}"""),
                JsonNode.Parse("""{"type": "Split", "pattern": {"String": "."}, "behavior": "Removed"}"""),
                ByteLevelSetting(useRegex: false)),
        });
        Assert.Equal(["he", "ll", "o", "x"], tokenizer.Encode("hello.x").Select(tokenizer.TokenText));
    }

    [Fact]
    public void A_normalized_added_token_is_looked_for_after_normalizing_and_another_before()
    {
        var tokenizer = Load(json =>
        {
            json["normalizer"] = JsonNode.Parse("""{"type": "Sequence", "normalizers": [{"type": "NFC"}]}""");
            json["added_tokens"] = new JsonArray(
                Added(264, "e\u0301!", false, "normalized"), Added(265, "o\u0301", true));
        });
        Assert.Equal([264, 264], tokenizer.Encode("\u00E9!e\u0301!"));
        Assert.Equal([265], tokenizer.Encode("o\u0301"));
        Assert.Equal([0xC3, 0xB3], tokenizer.Encode("\u00F3"));
    }

    [Fact]
    public void Added_tokens_decode_to_their_text_and_can_be_left_out_when_special()
    {
        var tokenizer = Load(json => json["added_tokens"]!.AsArray().Add(Added(264, "éé", special: false)));
        long[] ids = [Hello, EndOfText, 264];
        Assert.Equal("hello<|endoftext|>éé", tokenizer.Decode(ids));
        Assert.Equal("helloéé", tokenizer.Decode(ids, skipSpecialTokens: true));
        Assert.Equal(["<|endoftext|>"], tokenizer.SpecialTokens.Keys);
    }

    [Fact]
    public void A_piece_that_is_a_token_is_taken_whole_where_merges_are_ignored()
    {
        static void Change(JsonObject json, bool ignore)
        {
            json["model"]!["vocab"]!["xyz"] = 264;
            json["model"]!["ignore_merges"] = ignore;
        }

        Assert.Equal([264], Load(json => Change(json, ignore: true)).Encode("xyz"));
        Assert.Equal(['x', 'y', 'z'], Load(json => Change(json, ignore: false)).Encode("xyz"));
    }

    [Fact]
    public void A_byte_without_a_token_is_the_unknown_token_or_an_error()
    {
        static void Change(JsonObject json, string? unknown, bool fuse)
        {
            json["model"]!["vocab"]!.AsObject().Remove("z");
            json["model"]!["unk_token"] = unknown;
            json["model"]!["fuse_unk"] = fuse;
        }

        Assert.Equal(['a', '?', '?', 'b'], Load(json => Change(json, "?", fuse: false)).Encode("azzb"));
        Assert.Equal(['a', '?', 'b'], Load(json => Change(json, "?", fuse: true)).Encode("azzb"));
        var error = Assert.Throws<TokenizerException>(() => Load(json => Change(json, null, false)).Encode("azb"));
        Assert.Contains("byte 0x7A", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_read_as_the_replacement_character()
    {
        var tokenizer = Load(_ => { });
        Assert.Equal("a\uFFFDb\uFFFD😀", tokenizer.Decode(tokenizer.Encode("a\uD83Db\uDE00😀")));
    }

    [Fact]
    public void Bytes_that_are_no_text_alone_are_shown_as_bytes()
    {
        var tokenizer = Load(_ => { });
        Assert.Equal("<0xE2>", tokenizer.TokenText(0xE2));
        Assert.Equal(" hello", tokenizer.TokenText(SpaceHello));
        Assert.Equal("[no token 999]", tokenizer.TokenText(999));
        Assert.Equal("Ġhello", tokenizer.IdToToken(SpaceHello));
        Assert.Equal(SpaceHello, tokenizer.TokenToId("Ġhello"));
        Assert.Null(tokenizer.TokenToId("hell no"));
        Assert.Null(tokenizer.IdToToken(-1));
        var error = Assert.Throws<TokenizerException>(() => tokenizer.Decode([5, 264]));
        Assert.Equal("decode: id 264 has no token; this byte-level BPE vocabulary has ids 0 to 263", error.Message);
    }

    [Fact]
    public void Threads_may_share_a_tokenizer()
    {
        var tokenizer = Load(_ => { });
        var random = new Random(2);
        var texts = Enumerable.Range(0, 400).Select(_ => FuzzText.Next(random)).ToArray();
        var expected = texts.Select(tokenizer.Encode).ToArray();
        var actual = texts.AsParallel().AsOrdered().WithDegreeOfParallelism(4).Select(tokenizer.Encode).ToArray();
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("model.type", "\"Unigram\"", "model.type is \"Unigram\"; supported for byte-level tokenizers: \"BPE\"")]
    [InlineData("model.type", "\"WordPiece\"", "model.type is \"WordPiece\"")]
    [InlineData("model.byte_fallback", "true", "model.byte_fallback is true")]
    [InlineData("model.dropout", "0.1", "model.dropout is 0.1")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix is \"</w>\"")]
    [InlineData("model.continuing_subword_prefix", "\"##\"", "model.continuing_subword_prefix is \"##\"")]
    [InlineData("model.unk_token", "\"<unk>\"", "model.unk_token is \"<unk>\", which is not in the vocabulary")]
    [InlineData("model.surprise", "1", "model.surprise is a setting that is not supported")]
    [InlineData("surprise", "{}", "surprise is a setting that is not supported")]
    [InlineData("version", "\"2.0\"", "version is \"2.0\"")]
    [InlineData("model.merges", "[\"h e\", \"h e l\"]", "model.merges[1] is \"h e l\"; expected two tokens")]
    [InlineData("model.merges", "[[\"h\"]]", "model.merges[0] is [\"h\"]; expected two tokens")]
    [InlineData("model.merges", "[\"h o\"]", "merge 0 (\"h\" + \"o\") needs token \"ho\"")]
    [InlineData("model.vocab", "{}", "model.vocab: the vocabulary is empty")]
    [InlineData("model.vocab", "{\"a\": 1, \"b\": 1}", "tokens \"a\" and \"b\" have the same id 1")]
    [InlineData("model.vocab", "{\"a\": 2000000000}", "1 tokens have ids up to 2000000000")]
    [InlineData("model.vocab", "{\"a\": -1}", "model.vocab.a is -1; expected a token id")]
    [InlineData("model.vocab", "{\"a\": 1.5}", "model.vocab.a is 1.5; expected a token id")]
    [InlineData("model.vocab", "{\"a\": 1, \"a\": 2}", "not valid JSON")]
    [InlineData("model.vocab", "{\"\\ud800\": 1}", "not valid JSON")]
    [InlineData("normalizer", "{\"type\": \"Lowercase\"}", "normalizer.type is \"Lowercase\"; supported: \"NFC\"")]
    [InlineData("normalizer", "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFKC\"}]}",
        "normalizer.normalizers[0].type")]
    [InlineData("pre_tokenizer", "null", "has no pre_tokenizer")]
    [InlineData("pre_tokenizer", "{\"type\": \"UnicodeScripts\"}", "pre_tokenizer.type is \"UnicodeScripts\"")]
    [InlineData("pre_tokenizer", "{\"type\": \"Digits\"}", "has 0 ByteLevel steps")]
    [InlineData("pre_tokenizer", "{\"type\": \"ByteLevel\", \"extra\": 1}",
        "pre_tokenizer.extra is a setting that is not supported")]
    [InlineData("pre_tokenizer", "{\"type\": \"ByteLevel\", \"use_regex\": 1}",
        "pre_tokenizer.use_regex is 1; expected true or false")]
    [InlineData("pre_tokenizer",
        "{\"type\": \"Split\", \"behavior\": \"Isolated\", \"pattern\": {\"Regex\": \"\\\\w\"}}",
        "pre_tokenizer.pattern.Regex uses the escape \\w")]
    [InlineData("pre_tokenizer", "{\"type\": \"Split\", \"behavior\": \"Isolated\", \"pattern\": {\"Regex\": \"(\"}}",
        "pre_tokenizer.pattern.Regex is not a valid pattern")]
    [InlineData("pre_tokenizer", "{\"type\": \"Split\", \"behavior\": \"3\", \"pattern\": {\"String\": \"a\"}}",
        "pre_tokenizer.behavior is \"3\"")]
    [InlineData("decoder", "null", "has no decoder")]
    [InlineData("decoder", "{\"type\": \"WordPiece\"}", "decoder.type is \"WordPiece\"")]
    [InlineData("post_processor", "{\"type\": \"PairProcessing\"}", "post_processor.type is \"PairProcessing\"")]
    [InlineData("post_processor", "{\"type\": \"RobertaProcessing\", \"cls\": [\"a\", 999], \"sep\": [\"b\", 1]}",
        "adds id 999")]
    [InlineData("added_tokens", "[{\"id\": 5, \"content\": \"q\"}]",
        "added token \"q\" has id 5, but 113 in the model's vocabulary")]
    [InlineData("added_tokens", "[{\"id\": 5, \"content\": \"new\"}]", "have the same id 5")]
    [InlineData("added_tokens", "[{\"id\": 300, \"content\": \"n\\u0000\"}, {\"id\": 300, \"content\": \"m\"}]",
        "repeats the content or the id")]
    [InlineData("added_tokens", "[{\"id\": 300, \"content\": \"\"}]", "without content")]
    [InlineData("added_tokens", "[{\"id\": 300}]", "added_tokens[0] has no \"content\"")]
    public void A_setting_that_is_wrong_or_not_supported_is_an_error_naming_it(
        string setting, string value, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("tokenizer.json", With(setting, value));
        var error = Assert.Throws<TokenizerFormatException>(() => TokenizerLoader.Load(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    // As text, so that values which System.Text.Json would not write can be tried too.
    private static string With(string setting, string value)
    {
        const string Mark = "@@HERE@@";
        var json = Build();
        var keys = setting.Split('.');
        var holder = keys.Length == 1 ? json : json[keys[0]]!.AsObject();
        holder[keys[^1]] = Mark;
        return json.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
    }
}
