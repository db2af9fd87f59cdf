using System.Text.Json.Nodes;
using Interp.Tokenizers;

namespace Interp.Tests.Tokenizers.Pipeline;

public sealed class PipelineTokenizerTests
{
    [Fact]
    public void WordPiece_takes_the_longest_and_makes_the_whole_word_unknown()
    {
        var tokenizer = TinyPipelineJson.Load(TinyPipelineJson.WordPiece());
        Assert.Equal(("WordPiece", 9), (tokenizer.Kind, tokenizer.VocabularySize));
        Assert.Equal("hello a ##b ! [UNK] [UNK] [UNK]", Spelled(tokenizer, "HELLO ab! helloz abbbbbbbb 中"));
        Assert.Equal("a ##b ##b ##b ##b ##b ##b ##b", Spelled(tokenizer, "Abbbbbbb"));
        Assert.Equal([1L], tokenizer.PrefixIds);
        Assert.Equal([2L], tokenizer.SuffixIds);
        Assert.Equal("hello ab!", tokenizer.Decode(tokenizer.Encode("hello ab!")));
        Assert.Equal("[UNK] a", tokenizer.Decode([0, 4]));
        Assert.Equal("a", tokenizer.Decode([0, 4], skipSpecialTokens: true).Trim());
        Assert.Equal(("##b", "[no token 77]"), (tokenizer.TokenText(6), tokenizer.TokenText(77)));
        Assert.Contains("id 77 has no token", Assert.Throws<TokenizerException>(() => tokenizer.Decode([77])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Unigram_words_get_their_space_and_decode_without_the_first()
    {
        var tokenizer = TinyPipelineJson.Load(TinyPipelineJson.Unigram());
        Assert.Equal("▁a ▁ ab ▁ <unk> <extra> ▁hello", Spelled(tokenizer, "  a ab   zz<extra>hello"));
        Assert.Equal("a ab", tokenizer.Decode(tokenizer.Encode("a  ab")));
        Assert.Equal([new(7, 0, 5), new(1, 8, 8), new(5, 8, 10), new(9, 10, 17), new(1, 17, 17), new(3, 17, 18)],
            tokenizer.EncodeWithOffsets("hello   ab<extra>b"));
        Assert.Equal(10, tokenizer.VocabularySize);
    }

    [Fact]
    public void Metaspace_first_puts_its_space_at_the_beginning_of_the_text_only()
    {
        var tokenizer = TinyPipelineJson.Load(TinyPipelineJson.Bpe());
        Assert.Equal("▁ab ▁ab <unk> ab", Spelled(tokenizer, "ab ab<unk>ab"));
        Assert.Equal("<unk> ab", Spelled(tokenizer, "<unk>ab"));
        var always = TinyPipelineJson.Bpe();
        always["pre_tokenizer"]!["prepend_scheme"] = "always";
        Assert.Equal("<unk> ▁ab", Spelled(TinyPipelineJson.Load(always), "<unk>ab"));
    }

    [Fact]
    public void Bytes_spell_what_has_no_token_and_come_back()
    {
        var tokenizer = TinyPipelineJson.Load(TinyPipelineJson.Bpe());
        Assert.Equal("▁ab <0xC3> <0xA9>", Spelled(tokenizer, "abé"));
        Assert.Equal("abé ab", tokenizer.Decode(tokenizer.Encode("abé ab")));
        Assert.Equal("ab\uFFFDab", tokenizer.Decode([5, 6 + 0xC3, 4]));
        Assert.Equal([new(5, 0, 2), new(6 + 0xC3, 2, 3), new(6 + 0xA9, 2, 3)], tokenizer.EncodeWithOffsets("abé"));
        Assert.Equal("<0xC3>", tokenizer.TokenText(6 + 0xC3));
    }

    [Fact]
    public void Without_bytes_unknown_characters_are_one_token_or_an_error()
    {
        var json = TinyPipelineJson.Bpe();
        json["model"]!["byte_fallback"] = false;
        Assert.Equal("▁ab <unk> ab", Spelled(TinyPipelineJson.Load(json), "abxyzab"));
        Assert.Equal([new(5, 0, 2), new(0, 2, 5), new(4, 5, 7)], TinyPipelineJson.Load(json).EncodeWithOffsets("abxyzab"));
        json["model"]!["fuse_unk"] = false;
        Assert.Equal("▁ab <unk> <unk> <unk> ab", Spelled(TinyPipelineJson.Load(json), "abxyzab"));
        json["model"]!["unk_token"] = null;
        Assert.Contains("no token for 'x'", Assert.Throws<TokenizerException>(
            () => TinyPipelineJson.Load(json).Encode("abx")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_merge_across_a_space_is_made()
    {
        var json = TinyPipelineJson.Bpe();
        json["model"]!["vocab"]!["ab▁"] = 300;
        json["model"]!["vocab"]!["ab▁ab"] = 301;
        json["model"]!["merges"] = new JsonArray("a b", "ab ▁", "ab▁ ab");
        Assert.Equal("▁ ab▁ab", Spelled(TinyPipelineJson.Load(json), "ab ab"));
    }

    [Theory]
    [InlineData("normalizer", """{"type": "NFKC"}""", "normalizer.type is \"NFKC\"; supported")]
    [InlineData("normalizer", """{"type": "NFC", "x": 1}""", "normalizer.x is a setting that is not supported")]
    [InlineData("normalizer", """{"type": "Replace", "pattern": {"Regex": "."}, "content": ""}""", ". is not supported")]
    [InlineData("normalizer", """{"type": "Replace", "pattern": {"Regex": "a*"}, "content": ""}""", "matches nothing")]
    [InlineData("normalizer", """{"type": "Replace", "pattern": {"String": ""}, "content": ""}""", "is empty")]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "%"}""", "is not base64")]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "AAAA"}""", "the trie is said to have")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace", "replacement": "ab"}""", "expected one character")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "x"}""", "\"never\"")]
    [InlineData("decoder", """{"type": "CTC"}""", "decoder.type is \"CTC\"; supported")]
    [InlineData("decoder", """{"type": "Strip", "content": "ab", "start": 1, "stop": 0}""", "expected one character")]
    [InlineData("model.unk_id", "100", "the vocabulary has ids 0 to 7")]
    [InlineData("model.vocab", """[["a"]]""", "expected [token, score]")]
    [InlineData("model.vocab", """[["a", "b"]]""", "expected a number")]
    [InlineData("model.vocab", "[]", "the vocabulary is empty")]
    [InlineData("model.type", "\"WordPiece\"", "model.unk_id is a setting that is not supported")]
    public void A_setting_that_is_wrong_or_not_supported_is_an_error_naming_it(string setting, string value, string expected)
    {
        var json = TinyPipelineJson.Unigram();
        var names = setting.Split('.');
        var parent = names.SkipLast(1).Aggregate((JsonNode)json, (node, name) => node[name]!);
        parent[names[^1]] = JsonNode.Parse(value);
        Assert.Contains(expected, Assert.Throws<TokenizerFormatException>(() => TinyPipelineJson.Load(json)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_replacing_normalizer_of_a_charsmap_works_on_graphemes()
    {
        var map = SentencePiece.TinyModel.CharsMap(("x", "a"), ("e", "b"));
        var json = TinyPipelineJson.Unigram();
        json["normalizer"] = new JsonObject { ["type"] = "Precompiled", ["precompiled_charsmap"] = Convert.ToBase64String(map) };
        var tokenizer = TinyPipelineJson.Load(json);
        Assert.Equal("▁ ab", Spelled(tokenizer, "xe\u0301"));   // the mark goes with its letter
        Assert.Equal([new(1, 0, 0), new(5, 0, 3)], tokenizer.EncodeWithOffsets("xe\u0301"));
    }

    private static string Spelled(Tokenizer tokenizer, string text)
    {
        var ids = tokenizer.Encode(text);
        Assert.Equal(ids, tokenizer.EncodeWithOffsets(text).Select(span => span.Id));
        return string.Join(' ', ids.Select(tokenizer.IdToToken));
    }
}
